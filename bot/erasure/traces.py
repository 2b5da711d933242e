"""The traces of a person: everything by which they can be found in the store. Nothing is looked up here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.messages import Value

Ident = tuple[str, str]
"""A place, and the id of a message or an account there."""

CERTAIN = 5
"""Characters from which on an id is looked for wherever it stands. A shorter one may be any number."""


class ErasedMessage(Value, frozen=True, kw_only=True):
    """A message that is to be erased: its chat, its time, and the questions under which it stood."""

    chat: str | None
    at: datetime
    questions: tuple[str, ...]


class Traces(Value, frozen=True, kw_only=True):
    """A person's accounts, handles and names, their messages, and all else of theirs that has an id.

    `handles` are casefolded and without `@`, `spelled` the same as they are written. `shared` are those that somebody
    else there has or had as well: outside of the person's own chats they may mean either. `items` are ids of messages,
    their versions, commands, reposts, and posts to them; `keys` are those posts' keys. `words` are their texts, each
    with its time. `chats` are those in which they took part. `labels` are the names by which chat files call the places
    of their accounts. `chosen_since` is when they came, if anybody can choose any name there: others mean somebody else
    by the same name.
    """

    accounts: frozenset[Ident]
    handles: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    spelled: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    messages: Mapping[Ident, ErasedMessage] = {}
    items: frozenset[Ident] = frozenset()
    keys: frozenset[str] = frozenset()
    words: tuple[tuple[datetime, str], ...] = ()
    chats: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    chosen_since: datetime | None = None

    @property
    def ids(self) -> frozenset[str]:
        """All ids, whatever they are of."""
        return frozenset(id for _, id in (*self.accounts, *self.items))

    @property
    def certain_ids(self) -> frozenset[str]:
        """The ids that are long enough to be nothing else."""
        return frozenset(id for id in self.ids if len(id) >= CERTAIN)
