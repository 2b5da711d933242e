"""Prepares the judging of each batch: what is to be known about the people in it is read at once, not one by one.

What was said lately, and who is not new here, is remembered from batch to batch, within bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from bot.listening.bench import Bench, Leads
from bot.listening.floors import Floors
from bot.listening.moderation import Policy
from bot.listening.recall import Recall
from bot.messages import AnyEvent, Message
from bot.store import muted, spoken
from bot.store.incoming import Ident

_MET = 50_000
"""People of whom it is remembered that they are not new here."""


class Court:
    """One for all batches."""

    def __init__(self, policy: Policy, floors: Floors, *, leads: Leads, kin: Mapping[str, Collection[str]]) -> None:
        self._policy = policy
        self._floors = floors
        self._leads = leads
        self._kin = kin
        self._recall = Recall(policy.most, policy.window)
        self._met: set[Ident] = set()

    def sit(self, connection: Connection, events: Sequence[AnyEvent]) -> Bench:
        """The judge for a batch. The one before was written, or undone."""
        self._recall.settle()
        said = [one for one in events if isinstance(one, Message)]
        persons = {(each, one.author.id) for one in said for each in self._kin.get(one.place, (one.place,))}
        return Bench(
            self._policy,
            self._recall,
            self._floors,
            leads=self._leads,
            silent=muted.silent(connection, persons, min(one.at for one in said)) if said else {},
            familiar=self._familiar(connection, persons),
            kin=self._kin,
            load=lambda chat: spoken.lately(connection, chat),
        )

    def undo(self) -> None:
        """The batch could not be written."""
        self._recall.undo()

    def _familiar(self, connection: Connection, persons: set[Ident]) -> set[Ident]:
        """Who is not new here. It is only asked while somebody wants to know."""
        if not any(hall.course.hold_all for hall in self._floors.halls.values()):
            return set()
        if len(self._met) > _MET:
            self._met.clear()
        self._met |= spoken.familiar(connection, persons - self._met)
        return self._met
