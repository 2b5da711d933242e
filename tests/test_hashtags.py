"""Hashtags in every script, as X finds them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.authoring.loader import load
from bot.hashtags import composed, has_hashtag, is_one_word, seen_part

HINDI, TAMIL = "#\u0939\u093f\u0928\u094d\u0926\u0940", "#\u0ba4\u0bae\u0bbf\u0bb4\u0bcd"
THAI, PERSIAN = "#\u0e01\u0e34\u0e08\u0e01\u0e23\u0e23\u0e21", "#\u0645\u06cc\u200c\u0634\u0648\u062f"
CATALAN, HEBREW = "#col\u00b7lectiu", "#\u05e6\u05d4\u05f4\u05dc"
COMPOSED, DECOMPOSED = "#OTp\u00e9diatrie", unicodedata.normalize("NFD", "#OTp\u00e9diatrie")


@pytest.mark.parametrize("tag", [HINDI, TAMIL, THAI, PERSIAN, CATALAN, HEBREW, COMPOSED, "#OT_talk2", "#\u4f5c\u696d"])
def test_a_tag_in_any_script_is_one_tag(tag: str) -> None:
    assert composed(tag) == tag
    assert is_one_word(tag)
    assert seen_part(tag) == tag
    assert wording.question(1, f"Why? {tag}", tag) == f"Q1. Why? {tag}"
    assert wording.question(1, f"{tag[:-1]}? {tag}x", tag) == f"Q1. {tag[:-1]}? {tag}x {tag}"


@pytest.mark.parametrize(
    "tag", ["#", "#12", "#OT-Talk", "#OT Talk", "OTalk", "##OTalk", "#OT#alk", "#OT\u200balk", "#\U0001f389"]
)
def test_what_is_not_one_word_is_no_tag(tag: str) -> None:
    assert not is_one_word(composed(tag))


@pytest.mark.parametrize(
    ("tag", "seen"), [("#CO\u2082chat", "#CO"), ("#m\u00b2", "#m"), ("#\u2082CO", ""), ("#\u3007\u4f1a", "")]
)
def test_x_ends_some_tags_early(tag: str, seen: str) -> None:
    assert is_one_word(tag)
    assert seen_part(tag) == seen
    assert has_hashtag(f"Why? {tag}", tag)
    assert not has_hashtag(f"Why? {seen}", tag)


@pytest.mark.parametrize(
    "text",
    [
        *(f"Qui ? {COMPOSED}", f"Qui ? {DECOMPOSED}", f"Qui ? {DECOMPOSED.replace('#', chr(0xFF03))}"),
        *(f"Qui ? {COMPOSED.upper()} !", f"({COMPOSED})", f"\U0001f389\ufe0f{COMPOSED}", f"OT/{COMPOSED}"),
        f"https://example.org/ {COMPOSED}",
    ],
)
def test_a_tag_that_is_there_is_not_doubled(text: str) -> None:
    assert wording.with_hashtag(text, COMPOSED) == text


@pytest.mark.parametrize(
    "text",
    [
        *(f"https://example.org/{COMPOSED}", f"example.org/a{DECOMPOSED}", f"x{COMPOSED}", f"&{COMPOSED}"),
        *(f"{COMPOSED}s", f"{COMPOSED}\u304b", f"{COMPOSED}#b", "#OT", f"www.example.org/?a={COMPOSED}"),
    ],
)
def test_a_tag_in_a_link_or_a_longer_one_does_not_count(text: str) -> None:
    assert wording.with_hashtag(text, COMPOSED) == f"{text} {COMPOSED}"


@given(st.text())
def test_the_tag_is_added_once(text: str) -> None:
    once = wording.with_hashtag(text, "#OTalk")
    assert has_hashtag(once, "#OTalk") or once.endswith("#OTalk")
    assert wording.with_hashtag(once, "#OTalk") == once


def test_a_chat_file_has_its_tag_composed_or_doubted(tmp_path: Path) -> None:
    def chat(tag: str) -> tuple[str | None, list[str]]:
        path = tmp_path / "c.toml"
        head = f'title = "T"\nstarts = 2027-07-13T20:30\ntimezone = "UTC"\nhashtag = "{tag}"\n'
        path.write_text(f'{head}[[questions]]\ntext = "Why?"\n', encoding="utf-8")
        found = load(path)
        return found.chat.hashtag if found.chat else None, [one.message for one in found.problems]

    assert chat(DECOMPOSED) == (COMPOSED, [])
    assert chat("\uff03OTalk\u200d") == ("#OTalk", [])
    assert chat(HINDI) == (HINDI, [])
    tag, (message,) = chat("#CO\u2082chat")
    assert tag == "#CO\u2082chat"
    assert message.endswith("X ends it after '#CO'; write it with letters and digits only, like \"#CO2chat\".")
    tag, (message,) = chat("#OT-talk")
    assert tag is None
    assert message.endswith('write it as one word with the sign before it, like "#OTtalk".')
