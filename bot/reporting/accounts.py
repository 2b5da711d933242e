"""The accounts of a chat's people, folded from its events: their latest handles, names and numbers of followers. Pure.

Who is left out is not known here.
"""

from __future__ import annotations

import msgspec

from bot.messages import Author, Event, Message, Named

Account = tuple[str, str]
"""A place, and the id of an account there."""

_UNCALLED = ((float("-inf"), ""), (float("-inf"), ""))


class Accounts:
    """All accounts that events told of. `names` has the latest report on each that had to be asked for."""

    def __init__(self) -> None:
        self.names: dict[Account, Named] = {}
        self._handles: set[tuple[Account, Account]] = set()
        self._followers: dict[Account, tuple[float, int]] = {}
        self._names_alone: dict[Account, tuple[float, str]] = {}
        self._called: dict[Account, tuple[tuple[float, str], tuple[float, str]]] = {}

    @property
    def followers(self) -> dict[Account, int]:
        """The latest known number of followers of each account."""
        return {account: count for account, (_, count) in self._followers.items()}

    def handles_of(self, accounts: frozenset[Account]) -> frozenset[Account]:
        """All handles of these accounts, by place; casefolded and without `@`."""
        return frozenset(handle for handle, account in self._handles if account in accounts)

    def author_of(self, message: Message) -> Author:
        """The author of a message, with the latest number of followers.

        An account with a handle has its latest one, and name, on old messages, too. Where people go by a name alone, as
        in the room, each message keeps the name that it came with.
        """
        author, account = message.author, (message.place, message.author.id)
        _, followers = self._followers.get(account, (0.0, None))
        if author.name and not author.handle:
            return author if author.followers == followers else msgspec.structs.replace(author, followers=followers)
        known = self.latest(account)
        return msgspec.structs.replace(author, handle=known.handle, name=known.name, followers=followers)

    def latest(self, account: Account) -> Author:
        """An account with its latest known handle and name; each is empty if none is known."""
        (_, handle), (_, name) = self._called.get(account, _UNCALLED)
        return Author(id=account[1], handle=handle, name=name or self._names_alone.get(account, (0.0, ""))[1])

    def named(self, event: Named) -> None:
        """Note the name of an account, which came apart from its messages."""
        account = (event.place, event.author.id)
        known = self.names.get(account)
        if known is None or _rank(known) < _rank(event):
            self.names[account] = event
        self.note(event, event.author)

    def note(self, event: Event, author: Author) -> None:
        """Note what an event says about its author."""
        account, at = (event.place, author.id), event.at.timestamp()
        if isinstance(event, Message) and author.name and not author.handle:
            self._names_alone[account] = max(self._names_alone.get(account, (at, "")), (at, author.name))
        elif isinstance(event, Message | Named) and (author.handle or author.name):
            handle, name = self._called.get(account, _UNCALLED)
            called = max(handle, (at, author.handle)), max(name, (at, author.name))
            self._called[account] = called[0] if author.handle else handle, called[1] if author.name else name
        if author.handle:
            self._handles.add(((event.place, author.handle.lstrip("@").casefold()), account))
        if author.followers is not None:
            reported = (at, author.followers)
            self._followers[account] = max(self._followers.get(account, reported), reported)


def _rank(event: Named) -> tuple[float, bytes]:
    return event.at.timestamp(), msgspec.json.encode(event)
