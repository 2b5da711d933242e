"""Advice on wording and access: what brings each piece, what does not, and how it is switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.advice import RULES
from bot.authoring.check import check_file

HEAD = 'title = "T"\nhashtag = "#OTalk"\nstarts = 2027-01-12T20:00:00\ntimezone = "Europe/London"\n'
CALM = "What helps people to sleep well?"


def names(folder: Path, *questions: str, head: str = HEAD, more: str = "") -> list[str]:
    """The names of the advice on a chat with these questions."""
    tables = "".join(f'[[questions]]\ntext = """{text}"""\n{more}' for text in questions)
    path = folder / "c.toml"
    path.write_text(head + tables, encoding="utf-8")
    found = check_file(path, {})
    assert found.chat, found.problems
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


def test_only_names_that_there_are_can_be_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(f'ignore = ["longs"]\n{HEAD}[[questions]]\ntext = "{CALM}"\n', encoding="utf-8")
    [problem] = check_file(path, {}).problems
    assert "there is no such advice; write one of hashtag-case" in problem.message


def test_the_guide_explains_every_name() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "chat-file.md").read_text(encoding="utf-8")
    section = guide.partition("### Advice")[2].partition("###")[0]
    assert [name for name in RULES if f"`{name}`" not in section] == []
