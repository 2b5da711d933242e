"""What is for the bot, and what only looks like it: an answer must never be taken for a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hosting.orders.meant import is_command

ALWAYS = [
    "!next",
    "@bot next",
    "<@123> next",
    "@bot, n",
    "! next",
    "@bot please pause",
]
LEADERS = [
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
    "@bot help clients back into work",
    "@bot At my place we use Teams",
    "@bot Hold on to what works, and tell your manager about it; nobody else will do so for you",
    f"!{'x' * 9000}",
    f"@bot say {'x' * 9000}",
    "@bot \N{CYRILLIC SMALL LETTER ER}ause it is",
]


@pytest.mark.parametrize("text", ALWAYS)
def test_a_command_is_one_whoever_says_it(text: str) -> None:
    assert is_command(text, leads=False)
    assert is_command(text, leads=True)


@pytest.mark.parametrize("text", LEADERS)
def test_a_slip_or_something_to_say_is_a_command_only_of_who_leads(text: str) -> None:
    assert is_command(text, leads=True)
    assert not is_command(text, leads=False)


@pytest.mark.parametrize("text", NEVER)
def test_what_is_no_command_is_none_whoever_says_it(text: str) -> None:
    assert not is_command(text, leads=False)
    assert not is_command(text, leads=True)


@pytest.mark.parametrize(
    "text", ["@bot Add visual timetables", "@bot say it with pictures", "@bot hold on", "@bot paus"]
)
def test_who_leads_may_answer_a_question_as_well(text: str) -> None:
    assert not is_command(text, leads=True, answers=True)
    assert is_command("@bot next", leads=True, answers=True)
    assert is_command("!say it with pictures", leads=True, answers=True)


def test_what_it_is_said_about_completes_it() -> None:
    assert is_command("@bot hide", leads=False, about="x/12")
    assert not is_command("@bot hide", leads=False)


@given(st.text(max_size=200), st.booleans(), st.booleans())
def test_any_text_is_read(text: str, leads: bool, answers: bool) -> None:  # noqa: FBT001 -- drawn
    assert is_command(text, leads=leads, answers=answers) in (True, False)
    assert is_command(f"@bot {text}", leads=leads, answers=answers) in (True, False)
