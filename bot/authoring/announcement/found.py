"""Values found in an announcement: people, background, and the draft of a chat. There are no patterns here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.authoring.announcement.doubts import Doubt
from bot.messages import Value


class FoundPerson(Value, frozen=True, kw_only=True):
    """Somebody by name, without a title such as Dr, with their handle on X, or empty."""

    name: str
    handle: str = ""


class FoundBackground(Value, frozen=True, kw_only=True):
    """Paragraphs, references and notes on access as written, and the addresses outside the references, once each."""

    paragraphs: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    access: tuple[str, ...] = ()


class Draft(Value, frozen=True, kw_only=True):
    """The values found, None or empty where the text says nothing; and the doubts, in the order of the text.

    `clock` and `zone` are the text's own, or else the series'. `starts` is None until day and time are known.
    """

    title: str
    hashtag: str
    day: date | None
    clock: time | None
    zone: str | None
    length: timedelta | None
    hosts: tuple[FoundPerson, ...]
    support: tuple[FoundPerson, ...]
    questions: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    background: FoundBackground = FoundBackground()

    @property
    def starts(self) -> datetime | None:
        """The start by the clock of the zone, without an offset."""
        return datetime.combine(self.day, self.clock) if self.day and self.clock else None
