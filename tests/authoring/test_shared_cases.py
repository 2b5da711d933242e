"""Chat files on which `check` was once wrong, from a folder beside the repository. Skipped where it is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.authoring.check import CheckResult, check_file
from tests.fakes.platform import flat_traits

CASES = Path(__file__).parents[3] / "shared" / "cases" / "chat-files"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def wide(text: str) -> int:
    """Lengths as on X, where such a character counts twice."""
    return sum(2 if one > "\u10ff" else 1 for one in text)


PLACES = {"room": flat_traits(platform="room", limit=2000), "x": flat_traits(platform="x", limit=280, length=wide)}

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases (shared/cases) are not on this machine")


def checked(name: str) -> CheckResult:
    return check_file(CASES / f"{name}.toml", PLACES, now=NOW)


def words(found: CheckResult) -> list[str]:
    return [one.message for one in found.problems]


def questions(found: CheckResult) -> list[str]:
    return [slot.text for slot in found.timeline if slot.kind == "question"]


@pytest.mark.parametrize(
    ("name", "place"), [("bst", "Europe/London"), ("et", "America/New_York"), ("est-summer", "America/New_York")]
)
def test_zones(name: str, place: str) -> None:
    (message,) = words(checked(f"zone-{name}"))
    assert f'"{place}"' in message
    assert checked(f"zone-{name}").ok is (name == "est-summer")


def test_tags() -> None:
    hindi, composed, cut = checked("tag-hindi"), checked("tag-nfd"), checked("tag-subscript")
    assert (words(hindi), words(composed)) == ([], [])
    assert composed.chat
    assert composed.chat.hashtag == "#OTp\u00e9diatrie"
    assert "X ends it after '#CO'" in words(cut)[0]
    tag = composed.chat.hashtag
    assert [one.endswith(tag) for one in questions(checked("q-nfd-tag-doubled"))] == [False, False, True]


def test_numbers() -> None:
    texts = ("What value?", "And?", "So?", "Then?", "Now?", "Last?")
    assert questions(checked("q-doubling")) == [f"Q{n}. {text} #RepChat" for n, text in enumerate(texts, 1)]
    doubts = words(checked("q-sub"))
    assert [one.split(",")[0] for one in doubts] == [
        *("the text begins with 'Q1a:'", "the text begins with 'Q1b:'", "the text begins with 'Q2:'"),
    ]
    assert all("in parts" in one for one in doubts[:2])


def test_a_long_text_in_japanese() -> None:
    (parts,) = (one.parts for one in checked("q-japanese-long").previews["x"] if one.key == "q1")
    assert len(parts) > 1
    assert all(len(part.text) > len("Q1.") and part.length <= 280 for part in parts)
    assert all(part.text.endswith("\u3002") for part in parts[:-1])


def test_times() -> None:
    assert checked("no-seconds").problems == ()
    (message,) = words(checked("past-date"))
    assert "the chat is over; is the year right?" in message
    assert checked("past-date").ok
