"""People who were forgotten: what a platform, or an imported log, tells of them again is not stored again.

It is known by digests alone. Others may still reply to a message that was erased: they then refer to its stand-in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bot.messages import AnyEvent, Message, Posted, Repost
from bot.store import erasures
from bot.store.erasures import Digests


def without_forgotten(connection: Connection, events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """The events without those of forgotten people and of erased messages."""
    if not erasures.any_refused(connection):
        return events
    made = erasures.digests(connection)
    wanted = {digest for event in events for digest in (*_accounts(made, event), *_messages(made, event))}
    until = erasures.refused_until(connection, wanted | {one for event in events for one in _above(made, event)})
    return [_pointed(made, event, until) for event in events if not _is_refused(made, event, until)]


def _is_refused(made: Digests, event: AnyEvent, until: Mapping[str, datetime | None]) -> bool:
    if any(digest in until for digest in _messages(made, event)):
        return True
    found = [until[digest] for digest in _accounts(made, event) if digest in until]
    return any(end is None or event.at <= end for end in found)


def _accounts(made: Digests, event: AnyEvent) -> list[str]:
    author = getattr(event, "author", None)
    return [made.account(event.place, author.id)] if author is not None else []


def _messages(made: Digests, event: AnyEvent) -> list[str]:
    """The messages that an event is, or is about."""
    ids = [] if isinstance(event, Posted) else [getattr(event, "id", None)]
    if isinstance(event, Repost):
        ids.append(event.of)
    return [made.message(event.place, id) for id in ids if id]


def _above(made: Digests, event: AnyEvent) -> list[str]:
    return [made.message(*ident) for ident in _references(event).values()]


def _references(event: AnyEvent) -> dict[str, tuple[str, str]]:
    """The messages to which a message refers, by field."""
    if not isinstance(event, Message):
        return {}
    named = {"reply_to": event.parent, "quotes": (event.place, event.quotes or "")}
    named["conversation"] = (event.place, event.conversation or "")
    return {field: ident for field, ident in named.items() if ident[1]}


def _pointed(made: Digests, event: AnyEvent, until: Mapping[str, datetime | None]) -> AnyEvent:
    """The event with stand-ins for erased messages."""
    new = {field: made.stand_in(*one) for field, one in _references(event).items() if made.message(*one) in until}
    return msgspec.structs.replace(event, **new) if new else event
