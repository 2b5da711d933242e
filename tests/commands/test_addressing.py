"""Which chat is meant by a command that came without a place."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.commands.addressing import answer_one, can_be_meant, question
from bot.commands.context import ResolvedCommand
from bot.commands.grammar.parser import parse
from bot.live.live_chats import LiveChat
from bot.messages import Author, Command, Role
from bot.ports.commands import Answer
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)


def live(name: str, *, hours: int = 0) -> LiveChat:
    """A chat that begins in so many hours, and takes an hour."""
    chat = a_chat(starts=NOON + hours * HOUR, name=f"a/{name}")
    chat = msgspec.structs.replace(chat, title=f"Chat {name}")
    return LiveChat(chat, ends=chat.ends, places=("x",), open_for=(timedelta(), timedelta()))


def resolved(place: str, chat: LiveChat | None, role: Role = "participant", text: str = "pause") -> ResolvedCommand:
    command = Command(place=place, at=NOON, id="1", author=Author(id="7"), text=text)
    return ResolvedCommand(command=command, parsed=parse(text), role=role, live=chat)


def places(*given: ResolvedCommand) -> list[str]:
    return [one.command.place for one in can_be_meant(given, NOON)]


def test_the_only_open_chat_is_meant_unless_its_author_leads_another() -> None:
    on, coming = live("on"), live("coming", hours=5)
    assert places(resolved("a", coming), resolved("b", on)) == ["b"]
    assert places(resolved("a", coming, "host"), resolved("b", on)) == ["a", "b"]
    assert places(resolved("a", live("too"), "host"), resolved("b", on)) == ["a"]


def test_open_chats_that_somebody_leads_both_can_be_meant() -> None:
    first, second = live("first"), live("second")
    both = [resolved("a", first, "host"), resolved("b", second, "moderator")]
    assert places(*both) == ["a", "b"]
    answer = question(both)
    assert answer.text == "Which chat do you mean? Chat first (a), or Chat second (b)."
    assert [(one.value, one.label) for one in answer.choices] == [("a", "Chat first (a)"), ("b", "Chat second (b)")]


def test_one_chat_in_two_places_is_one_and_meant_where_its_author_has_the_higher_role() -> None:
    chat = live("both")
    assert places(resolved("a", chat), resolved("b", chat, "host"), resolved("c", chat, "moderator")) == ["b"]


def test_without_any_chat_the_first_place_answers() -> None:
    assert places(resolved("a", None), resolved("b", None)) == ["a"]
    assert places(resolved("a", None), resolved("b", live("coming", hours=5))) == ["b"]


@pytest.mark.parametrize(
    ("text", "carried_out", "place"),
    [
        ("pause", [], ""),
        ("help", ["a"], "a"),
        ("dance", ["a"], "a"),
        ("leave me out", ["a", "b"], ""),
        ("stop", ["a", "b"], ""),
    ],
)
async def test_a_wish_is_granted_everywhere_and_help_needs_no_chat(
    text: str, carried_out: list[str], place: str
) -> None:
    done: list[str] = []

    async def answer(command: Command) -> Answer:
        done.append(command.place)
        return Answer(text="Done.")

    chats = {"a": live("first"), "b": live("second")}
    commands = [resolved(one, chat, text=text).command for one, chat in chats.items()]
    answered = await answer_one(
        commands, resolve=lambda one: resolved(one.place, chats[one.place], text=text), answer=answer, now=NOON
    )
    assert (done, answered.place, bool(answered.choices)) == (carried_out, place, text == "pause")
