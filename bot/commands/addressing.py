"""Which chat is meant by a command that came without a place, like a private message to a bot with several places.

The same command in several places goes in; the one that can be meant is carried out, or a question comes out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from bot.commands.context import ResolvedCommand
from bot.commands.grammar.command_types import Help, Misunderstood
from bot.commands.grammar.permissions import rank
from bot.live.consent import is_privacy_request
from bot.messages import Command
from bot.ports.commands import Answer, Choice
from bot.translation import _

_LABEL = 60
"""Characters of a chat's title in a choice."""


async def answer_one(
    commands: Sequence[Command],
    *,
    resolve: Callable[[Command], ResolvedCommand],
    answer: Callable[[Command], Awaitable[Answer]],
    now: datetime,
) -> Answer:
    """Answer the one of these commands that can be meant, or ask which. A wish about privacy is granted everywhere."""
    if is_privacy_request(commands[0].text):
        answers = [await answer(one) for one in commands]
        return answers[0]
    resolved = [resolve(one) for one in commands]
    meant = resolved[:1] if isinstance(resolved[0].parsed, Help | Misunderstood) else can_be_meant(resolved, now)
    if len(meant) > 1:
        return question(meant)
    place = meant[0].command.place
    return msgspec.structs.replace(await answer(meant[0].command), place=place)


def can_be_meant(resolved: Sequence[ResolvedCommand], now: datetime) -> list[ResolvedCommand]:
    """One command for each chat that can be meant; at least one.

    Best are open chats that the author leads, then any that is open or that they lead, then all. Of several places of
    one chat it is the one where they have the highest role.
    """
    by_chat: dict[str, ResolvedCommand] = {}
    for one in resolved:
        if one.live and rank(one.role) > rank(by_chat.get(one.live.chat.name, one).role):
            by_chat[one.live.chat.name] = one
        elif one.live:
            by_chat.setdefault(one.live.chat.name, one)
    weights = {name: _is_open(one, now) + (one.role != "participant") for name, one in by_chat.items()}
    most = max(weights.values(), default=0)
    return [one for name, one in by_chat.items() if weights[name] == most] or [resolved[0]]


def question(meant: Sequence[ResolvedCommand]) -> Answer:
    """Ask which of these chats is meant, by their names."""
    choices = tuple(
        Choice(value=one.command.place, label=f"{one.live.chat.title[:_LABEL]} ({one.command.place})")
        for one in meant
        if one.live
    )
    return Answer(
        text=_("Which chat do you mean? {names}.").format(names=_(", or ").join(one.label for one in choices)),
        choices=choices,
    )


def _is_open(one: ResolvedCommand, now: datetime) -> bool:
    return one.live is not None and one.live.opens <= now < one.live.shuts
