"""Which messages are commands: an answer must never be taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.grammar.parser import is_command

ALWAYS = [
    "!next",
    "! next",
    "@bot !next",
    "<@123> !pause",
    "@bot, ! n",
    "!say Hello all",
]
LEADERS = [
    "Pause",
    "next",
    "@bot next",
    "@bot Pause.",
    "<@123> next",
    "@bot, n",
    "@bot please pause",
    "please !next",
    "@bot help",
    "!help mute",
    "!status",
    "@bot s",
    "!nxet",
    "@bot nxet",
    "@bot paus",
    "!hide",
    "@bot hide",
    "@bot add What will you try?",
    "@bot say hello all",
]
NEVER = [
    "@bot",
    "@bot please",
    "<@!123>",
    "!",
    "!!!",
    "!?",
    "!? ! ?!",
    "",
    "@bot I agree with Kate",
    "@bot yes",
    "@bot Ban the word patient from handouts",
    "@bot Mute the microphone while you read",
    "@bot help clients back into work",
    "@bot At my place we use Teams",
    "@bot Hold on to what works, and tell your manager about it; nobody else will do so for you",
    f"!{'x' * 9000}",
    f"@bot say {'x' * 9000}",
    "@bot \N{CYRILLIC SMALL LETTER ER}ause it is",
]


@pytest.mark.parametrize("text", ALWAYS)
def test_a_command_is_one_whoever_writes_it(text: str) -> None:
    assert is_command(text, leads=False)
    assert is_command(text, leads=True)


@pytest.mark.parametrize("text", LEADERS)
def test_without_an_exclamation_mark_it_is_a_command_only_from_people_with_a_role(text: str) -> None:
    assert is_command(text, leads=True)
    assert not is_command(text, leads=False)


@pytest.mark.parametrize("text", NEVER)
def test_other_texts_are_no_command_whoever_writes_them(text: str) -> None:
    assert not is_command(text, leads=False)
    assert not is_command(text, leads=True)


@pytest.mark.parametrize(
    "text", ["@bot Add visual timetables", "@bot say it with pictures", "@bot hold on", "@bot paus"]
)
def test_people_with_a_role_may_answer_a_question(text: str) -> None:
    assert not is_command(text, leads=True, answers=True)
    assert is_command("@bot next", leads=True, answers=True)
    assert is_command("!say it with pictures", leads=True, answers=True)


def test_a_name_without_quotes_is_a_command_in_a_few_words_and_of_people_with_a_role() -> None:
    assert is_command("@bot mute Cas Pretend", leads=True)
    assert is_command("!mute Cas van Pretend 10m", leads=True)
    assert not is_command("!mute Cas van Pretend 10m", leads=False)
    assert is_command('!mute "Cas van Pretend" 10m', leads=False)


def test_the_message_replied_to_completes_a_command() -> None:
    assert is_command("!hide", leads=False, about="x/12")
    assert not is_command("!hide", leads=False)
    assert not is_command("@bot hide", leads=False, about="x/12")


@pytest.mark.parametrize("text", ["Pause", "@bot Pause.", "<@123> next!", "@bot extend 5m", "hold all", "@bot end"])
def test_below_a_question_people_with_a_role_command_and_others_answer(text: str) -> None:
    assert is_command(text, leads=True, answers=True, about="x/1")
    assert not is_command(text, leads=False, answers=True, about="x/1")


@given(st.text(max_size=200), st.booleans(), st.booleans())
def test_any_text_is_parsed(text: str, leads: bool, answers: bool) -> None:  # noqa: FBT001 -- drawn
    assert is_command(text, leads=leads, answers=answers) in (True, False)
    assert is_command(f"@bot {text}", leads=leads, answers=answers) in (True, False)


@given(st.text(max_size=200), st.booleans())
def test_without_a_role_only_a_text_that_begins_like_a_command_is_one(text: str, answers: bool) -> None:  # noqa: FBT001 -- drawn
    plain = text.replace("!", "")
    assert not is_command(plain, leads=False, answers=answers)
    assert not is_command(f"@bot {plain}", leads=False, answers=answers)
