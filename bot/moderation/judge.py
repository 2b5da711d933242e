"""Prepares the judging of each batch: what is to be known about the people in it is read at once, not one by one.

What was said lately, and who is not new here, is remembered from batch to batch, within bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Edited, Message
from bot.moderation.bench import BatchJudge, Leads
from bot.moderation.policy import Policy
from bot.moderation.recent_messages import RecentMessages
from bot.store import author_history, muted
from bot.store.message_rows import Ident, MessageRow

_MET = 50_000
"""People of whom it is remembered that they are not new here."""


class Judge:
    """One for all batches."""

    def __init__(
        self, policy: Policy, live_chats: LiveChats, *, leads: Leads, same_platform: Mapping[str, Collection[str]]
    ) -> None:
        self._policy = policy
        self._live_chats = live_chats
        self._leads = leads
        self._same_platform = same_platform
        self._recall = RecentMessages(policy.most, policy.window)
        self._met: set[Ident] = set()

    def sit(self, connection: Connection, events: Sequence[AnyEvent], rows: Mapping[Ident, MessageRow]) -> BatchJudge:
        """The judge for a batch. The one before was written, or undone. `rows` are the stored messages it speaks of."""
        self._recall.settle()
        said = [one for one in events if isinstance(one, Message | Edited)]
        persons = {
            (each, author)
            for place, author in _authors(said, rows)
            for each in self._same_platform.get(place, (place,))
        }
        return BatchJudge(
            self._policy,
            self._recall,
            self._live_chats,
            leads=self._leads,
            silent=muted.active_mutes(connection, persons, min(one.at for one in said)) if said else {},
            familiar=self._familiar(connection, persons),
            same_platform=self._same_platform,
            load=lambda chat: author_history.recent_messages(connection, chat),
        )

    def undo(self) -> None:
        """The batch could not be written."""
        self._recall.undo()

    def _familiar(self, connection: Connection, persons: set[Ident]) -> set[Ident]:
        """Who is not new here. It is only asked while somebody wants to know."""
        if not any(live.state.hold_all for live in self._live_chats.by_name.values()):
            return set()
        if len(self._met) > _MET:
            self._met.clear()
        self._met |= author_history.known_authors(connection, persons - self._met)
        return self._met


def _authors(said: Iterable[Message | Edited], rows: Mapping[Ident, MessageRow]) -> Iterable[Ident]:
    """Whose words these are. Whoever hears of a change is not told by whom: the message itself tells."""
    for one in said:
        if isinstance(one, Message):
            yield one.place, one.author.id
        elif (row := rows.get((one.place, one.id))) is not None and row.author is not None:
            yield row.place, row.author.id
