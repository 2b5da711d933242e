"""The places of one bot as addressees of commands: which of them a command in a channel can be for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.discord.location import Location
from adapters.discord.rest import Rest
from adapters.kit.answers import AnswerTimeout


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A place: where it is, its threads as far as they are known, who answers there, and how the answer is sent."""

    location: Location
    threads: Callable[[], set[int]]
    answers: AnswerTimeout
    rest: Rest


Addressees = Callable[[], Sequence[Addressee]]
"""All places of the bot, as they are now."""


def in_server(places: Sequence[Addressee], server: int, channel: int, parent: int = 0) -> list[Addressee]:
    """The places that a command can be for: the one of its channel or thread, else all of that server."""
    there = [one for one in places if one.location.guild == server]
    exactly = [
        one
        for one in there
        if one.location.channel in (channel, parent) or (len(there) > 1 and channel in one.threads())
    ]
    return exactly or there
