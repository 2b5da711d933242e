"""Whom the author of a message resembles, as far as the place can tell: by network or name.

In memory only, and only until the message is judged or pushed out by later ones. What resembles them is not known here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection

_MOST = 5000
"""Messages that may wait to be judged."""

_NOBODY: frozenset[str] = frozenset()


class ResemblingAccounts:
    """Ids of accounts by place and message. Noted by the event loop, read by the inbox's thread."""

    def __init__(self) -> None:
        self._by_message: OrderedDict[tuple[str, str], frozenset[str]] = OrderedDict()

    def note(self, place: str, message: str, accounts: Collection[str]) -> None:
        """Note the accounts that the author of a message resembles, before the message is heard."""
        if accounts:
            self._by_message[place, message] = frozenset(accounts)
            while len(self._by_message) > _MOST:
                self._by_message.popitem(last=False)

    def __bool__(self) -> bool:
        """Whether anything is noted."""
        return bool(self._by_message)

    def of(self, place: str, message: str) -> frozenset[str]:
        """The accounts that were noted for a message."""
        return self._by_message.get((place, message), _NOBODY)

    def forget(self, place: str, message: str) -> None:
        """Forget a message: it was judged."""
        self._by_message.pop((place, message), None)
