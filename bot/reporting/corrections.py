"""The corrections of a chat's record, folded: of several about one thing the latest counts. Pure.

Messages that are merged are a group, of which one stands in the record: the one that the corrections lead to, or the
earliest if that one was deleted, held back or left out. So no words vanish because a copy of them did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from bot.live.attribution import Ident
from bot.messages import (
    Correction,
    Message,
    MessageHighlighted,
    MessageMoved,
    MessagesMerged,
    MessageWithheld,
    SummaryWritten,
)

AnyCorrection = MessageMoved | MessagesMerged | MessageHighlighted | MessageWithheld | SummaryWritten

_Subject = tuple[str, str, str]
"""The type of a correction, and the place and id of its message; both are empty for a summary."""


class Corrections:
    """The folded corrections. `latest` has those that count, by what they are about."""

    def __init__(self) -> None:
        self.latest: dict[_Subject, AnyCorrection] = {}

    def add(self, event: AnyCorrection) -> None:
        """Fold one in. The order in which they come makes no difference."""
        subject = (*_key(event), str(event.__struct_config__.tag))
        self.latest[subject] = max(self.latest.get(subject, event), event, key=_rank)

    @property
    def moved(self) -> dict[Ident, str]:
        """The question of each message that was moved."""
        moves = (one for one in self.latest.values() if isinstance(one, MessageMoved))
        return {_key(one): one.question for one in moves if one.question}

    @property
    def merged(self) -> dict[Ident, Ident]:
        """The message of which each merged message is a copy."""
        merges = (one for one in self.latest.values() if isinstance(one, MessagesMerged))
        return {_key(one): one.original for one in merges if one.original and one.original != _key(one)}

    @property
    def highlights(self) -> frozenset[Ident]:
        """The messages that are highlights."""
        marks = (one for one in self.latest.values() if isinstance(one, MessageHighlighted))
        return frozenset(_key(one) for one in marks if one.on)

    @property
    def withheld(self) -> frozenset[Ident]:
        """The messages that their platform shows to nobody for now."""
        return frozenset(_key(one) for one in self.latest.values() if isinstance(one, MessageWithheld) and one.on)

    @property
    def summary(self) -> SummaryWritten | None:
        """The host's summary, if there is one."""
        found = next((one for one in self.latest.values() if isinstance(one, SummaryWritten)), None)
        return found if found is not None and found.text.strip() else None

    def copies(self, shown: Collection[Ident], at: Callable[[Ident], datetime]) -> dict[Ident, Ident]:
        """Each of the `shown` messages that is only a copy, with the one that stands for it. `at` gives their times."""
        merged = self.merged
        return dict(pair for group in _groups(merged) for pair in _copies_in(group, merged, shown, at))

    def published(self, messages: Mapping[Ident, Message], hidden: Collection[Ident]) -> Iterator[AnyCorrection]:
        """The corrections that a published log needs: a hidden message is only moved, for the replies to it."""
        copies = self.copies(messages.keys() - hidden, lambda key: messages[key].at)
        for one in self.latest.values():
            if isinstance(one, SummaryWritten) or (_key(one) in messages and _is_needed(one, hidden)):
                yield one
        for (place, id), (into_place, into) in copies.items():
            at = max(messages[place, id].at, messages[into_place, into].at)
            yield MessagesMerged(place=place, id=id, into_place=into_place, into=into, at=at)


def _is_needed(one: AnyCorrection, hidden: Collection[Ident]) -> bool:
    return isinstance(one, MessageMoved) or (isinstance(one, MessageHighlighted) and _key(one) not in hidden)


def _copies_in(
    group: frozenset[Ident], merged: Mapping[Ident, Ident], shown: Collection[Ident], at: Callable[[Ident], datetime]
) -> Iterator[tuple[Ident, Ident]]:
    there = sorted((one for one in group if one in shown), key=lambda one: (at(one), one))
    meant = (one for one in there if one not in merged)
    stands = next(meant, there[0] if there else None)
    yield from ((one, stands) for one in there if stands is not None and one != stands)


def _groups(merged: Mapping[Ident, Ident]) -> Iterable[frozenset[Ident]]:
    """The messages that are one, however they are merged: also in a chain, or in a circle."""
    beside = defaultdict[Ident, set[Ident]](set)
    for copy, original in merged.items():
        beside[copy].add(original)
        beside[original].add(copy)
    seen = set[Ident]()
    for first in beside:
        group, waiting = set[Ident](), [] if first in seen else [first]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting += beside[one]
        seen |= group
        if group:
            yield frozenset(group)


def _key(event: AnyCorrection) -> Ident:
    return (event.place, event.id) if isinstance(event, Correction) else ("", "")


def _rank(event: AnyCorrection) -> tuple[datetime, bytes]:
    return event.at, msgspec.json.encode(event)
