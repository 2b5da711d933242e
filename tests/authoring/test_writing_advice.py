"""Advice on wording and access: what brings each piece, what does not, and how it is switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.check import check_file
from bot.authoring.loader import load
from bot.authoring.writing_advice import RULES
from bot.errors import Advice
from tests.german import in_german

HEAD = 'title = "T"\nhashtag = "#OTalk"\nstarts = 2027-01-12T20:00:00\ntimezone = "Europe/London"\n'
CALM = "What helps people to sleep well?"


def names(folder: Path, *questions: str, head: str = HEAD, more: str = "") -> list[str]:
    """The names of the advice on a chat with these questions; each piece can be said in German."""
    tables = "".join(f'[[questions]]\ntext = """{text}"""\n{more}' for text in questions)
    path = folder / "c.toml"
    path.write_text(head + tables, encoding="utf-8")
    found = check_file(path, {})
    assert found.chat, found.problems
    assert all(in_german(one.message) for one in found.problems)
    return [one.message.rpartition("[")[2].rstrip("]") for one in found.problems if one.severity == "advice"]


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("hashtag-place", "What does #sleep mean to you?"),
        ("hashtags", "What helps? #sleep #rest"),
        ("emoji", "💡 What helps people to sleep?"),
        ("emoji", "What helps?\n✅ Tea\n✅ Walks"),
        ("shouting", "WHAT DO YOU do at night?"),
        ("short-link", "What do you think of https://bit.ly/3abc ?"),
        ("two-questions", "What helps? And what does not?"),
        ("two-questions", "Which tools do you use, and why, and who decides?"),
        ("two-questions", "Which tools do you use, why do you use them, and for whom?"),
        ("two-questions", "Welche Hilfen nutzen Sie und warum, und wer entscheidet?"),
        ("long", "What " + "and what " * 12 + "helps?"),
        ("reading", ("Notwithstanding multidisciplinary organisational reconfiguration, characterise "
                    "interprofessional collaborative responsibilities underpinning institutionalised occupational "
                    "participation.")),
        ("patients", "Tell us about a patient who could not sleep."),
        ("patients", "Describe a recent challenging case and what you did."),
        ("patients", "Think of someone you worked with at night: share their patient story."),
    ],
)  # fmt: skip
def test_a_question_that_brings_advice(tmp_path: Path, name: str, question: str) -> None:
    assert name in names(tmp_path, question)


@pytest.mark.parametrize(
    "question",
    [
        CALM,
        "What helps? #sleep",
        "Which OT tools do you use on the ward, and why?",
        "How do the NHS and HEE define it?",
        "How do you decide who, what and when to teach?",
        "What helps you to explain to people how sleep works and why it matters?",
        "What helps people sleep? (a) At home? (b) On the ward?",
        "What would you like patients to know about sleep?",
        "How do you describe sleep hygiene to patients?",
        "Share one resource that helps you to explain sleep: https://example.org/a",
    ],
)
def test_a_question_that_brings_none(tmp_path: Path, question: str) -> None:
    assert names(tmp_path, question) == []


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("hashtag-case", HEAD.replace("#OTalk", "#occupationaltherapy")),
        ("hashtag-case", HEAD.replace("#OTalk", "#nursechat")),
        ("holiday", HEAD.replace("2027-01-12", "2026-12-25")),
        ("many", HEAD + 'length = "20m"\nfirst = "10m"\n'),
        ("ending", HEAD + 'length = "20m"\nfirst = "10m"\n'),
        ("short-link", HEAD + 'closing = "More at https://tinyurl.com/abc"\n'),
    ],
)
def test_a_chat_that_brings_advice(tmp_path: Path, name: str, head: str) -> None:
    found = names(tmp_path, CALM, "What does not?", "What next?", head=head)
    assert name in found
    assert name not in names(tmp_path, CALM, "What does not?", "What next?", head=f'ignore = ["{name}"]\n{head}')


@pytest.mark.parametrize(("alt", "advised"), [("image", True), ("IMG_0012.png", True), ("a mind map of groups", False)])
def test_alternative_texts(tmp_path: Path, alt: str, advised: bool) -> None:  # noqa: FBT001 -- a row of a table
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert ("alt-text" in names(tmp_path, CALM, more=f'image = "a.png"\nalt = "{alt}"\n')) is advised


def test_another_chat_of_the_series_on_the_same_day_may_be_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "otalk").mkdir()
    (tmp_path / "otalk" / "series.toml").write_text('weekday = "Tuesday"\n', encoding="utf-8")

    def made(name: str, starts: str) -> Path:
        path = tmp_path / "otalk" / f"{name}.toml"
        head = HEAD.replace("2027-01-12T20:00:00", starts)
        path.write_text(f'{head}[[questions]]\ntext = "{CALM} {name}"\n', encoding="utf-8")
        return path

    def advised(path: Path, *others: Path) -> list[str]:
        known = [chat for one in others for chat in load(one, root=tmp_path).chats]
        found = [one for one in check_file(path, {}, root=tmp_path, others=known).problems if isinstance(one, Advice)]
        assert all(in_german(one.message) for one in found)
        return [one.code for one in found]

    one, same, next_week = (
        made(name, starts)
        for name, starts in (("a", "2027-01-12T20:00"), ("b", "2027-01-12T09:00"), ("c", "2027-01-19T20:00"))
    )
    assert advised(one, one, same, next_week) == ["clash"]
    assert advised(one, one, next_week) == []


def test_the_reading_grade_is_a_setting_for_english(tmp_path: Path) -> None:
    text = "What do occupational therapists consider before recommending equipment for the bathroom at home?"
    assert names(tmp_path, text) == []
    assert names(tmp_path, text, head=f"reading = 9\n{HEAD}") == ["reading"]
    assert names(tmp_path, text, head=f'reading = 9\nlanguage = "de"\n{HEAD}') == []


def test_advice_has_a_code_and_a_page_that_says_more(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f'{HEAD}[[questions]]\ntext = "What helps? What not?"\n', encoding="utf-8")
    [problem] = [one for one in check_file(path, {}).problems if isinstance(one, Advice)]
    page, _, _heading = problem.docs.partition("#")
    assert (problem.code, (Path(__file__).parents[2] / page).is_file()) == ("two-questions", True)


def test_only_names_that_there_are_can_be_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f'ignore = ["longs"]\n{HEAD}[[questions]]\ntext = "{CALM}"\n', encoding="utf-8")
    [problem] = check_file(path, {}).problems
    assert "there is no such advice; write one of hashtag-case" in problem.message


def test_the_guide_explains_every_name() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "chat-file.md").read_text(encoding="utf-8")
    section = guide.partition("### Advice")[2].partition("###")[0]
    assert [name for name in RULES if f"`{name}`" not in section] == []
