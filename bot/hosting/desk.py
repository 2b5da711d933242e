"""What anybody may ask of the bot, and the answer that only they see. Changes nothing.

The commands that steer a chat join here. An adapter only carries the words.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk import Answer, Choice, Kind, Offer, Pass
from bot.hosting.orders.table import COMMANDS
from bot.listening.floors import Floors, Hall
from bot.messages import Command
from bot.port import Clock
from bot.sheets import Console

_HELP = (
    "To answer a question, simply reply to it; you may begin with A1, A2 … To be left out of the transcript, write "
    '"leave me out" at any time. `status` tells what is on and what comes next.'
)


class Desk:
    """Implements `bot.port.Desk`."""

    def __init__(self, floors: Floors, clock: Clock) -> None:
        self._floors = floors
        self._clock = clock

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All that can be said."""
        return tuple(spec.offer for spec in COMMANDS)

    async def answer(self, command: Command) -> Answer:
        """One or a few short lines."""
        match command.text.split():
            case ["status", *_]:
                return Answer(text=self._status(command.place))
            case ["help", *_] | []:
                return Answer(text=_HELP)
            case _:
                return Answer(text=f"That is not something I know. {_HELP}")

    async def suggest(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """Nothing yet."""
        del command, kind, typed
        return ()

    async def admit(self, key: str) -> Pass | None:
        """Nobody yet."""
        del key
        return None

    async def console(self, chat: str) -> Console | None:
        """Nothing yet."""
        del chat
        return None

    def _status(self, place: str) -> str:
        now = self._clock.now()
        halls = [hall for hall in self._floors.halls.values() if place in hall.places and now < hall.ends]
        halls.sort(key=lambda hall: hall.chat.starts)
        on = [hall for hall in halls if hall.chat.starts <= now]
        if on:
            return "\n".join(_on(hall, place, now) for hall in on)
        return _coming(halls[0]) if halls else "No chat is planned here."


def _on(hall: Hall, place: str, now: datetime) -> str:
    chat = hall.chat
    asked = [one for one in hall.said(place) if one.kind == "question"]
    floor = f"{asked[-1].key.upper()} of {len(chat.questions)} is on." if asked else "No question is out yet."
    following = next((at for at in hall.coming if at > now), None)
    zone = ZoneInfo(chat.timezone)
    comes = f" The next post comes at {following.astimezone(zone):%H:%M}." if following else ""
    heard = sum(hall.counts.values())
    said = "1 message" if heard == 1 else f"{heard} messages"
    return f"{chat.title}: {floor}{comes} We close at {hall.ends.astimezone(zone):%H:%M}. {said} so far."


def _coming(hall: Hall) -> str:
    chat = hall.chat
    local = chat.starts.astimezone(ZoneInfo(chat.timezone))
    when = f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({chat.timezone})"
    return f"Next: {chat.title}, on {when}. Come and answer, or just read along."
