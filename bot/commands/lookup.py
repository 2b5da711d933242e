"""Finds the message or person that a command names. A name that two people have finds neither of them.

Changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from sqlalchemy import Connection

from bot.commands.context import CommandContext
from bot.commands.grammar.moderation_types import MessageReference, PersonReference
from bot.messages import Author, Value
from bot.store import author_history, messages, moderation_queue, participants, people
from bot.store.message_rows import Ident, MessageRow
from bot.translation import _

_MOST_JOINED = 1000
"""People who joined that are looked through."""

_SHOWN = 5
"""People that are listed where several could be meant."""


class NotFound(Value, frozen=True, kw_only=True):
    """Nothing fits, or more than one does. `reason` is for the person who asked."""

    reason: str


class Account(Value, frozen=True, kw_only=True):
    """An account on a place."""

    place: str
    author: Author

    @property
    def named(self) -> str:
        """Its unambiguous name in a command."""
        return f"{self.place}/{self.author.handle or self.author.id}"

    @property
    def by_id(self) -> str:
        """Its name in a command where others have or had the same handle."""
        return f"{self.place}/{self.author.id}"


def find_message(connection: Connection, context: CommandContext, pointer: MessageReference) -> MessageRow | NotFound:
    """The message that a command points at, in its chat."""
    idents = _idents(connection, context, pointer)
    rows = [
        row for row in messages.get_rows(connection, idents).values() if row.author and row.chat == context.chat.name
    ]
    if len(rows) == 1:
        return rows[0]
    if rows:
        several = ", ".join(f"{row.place}/{row.id}" for row in rows)
        return NotFound(
            reason=_("Several messages have that number: {several}. Write it like the one you mean.").format(
                several=several
            )
        )
    return NotFound(reason=_("I do not know that message in this chat."))


def lock_messages(connection: Connection, context: CommandContext, *pointers: MessageReference) -> None:
    """Lock the messages at which a command points, all at once: an order of its own could be the reverse of another."""
    messages.get_rows(connection, [one for each in pointers for one in _idents(connection, context, each)])


def find_person(
    connection: Connection, context: CommandContext, wanted: PersonReference, *, joined: bool = False
) -> Account | NotFound:
    """The person whom a command names: one who wrote in the chat, or with `joined` only came in."""
    if wanted.author_of:
        found = find_message(connection, context, wanted.author_of)
        if isinstance(found, NotFound):
            return found
        return Account(place=found.place, author=found.author or Author(id=""))
    known = [
        Account(place=place, author=author) for place, author in people.chat_authors(connection, context.chat.name)
    ]
    known = [_with_known_handle(connection, context, one) for one in known]
    if joined:
        known += _who_only_joined(connection, context, known)
    if wanted.id:
        return _by_id(connection, context, wanted, known)
    return _by_name(connection, context, wanted, known)


def _by_name(
    connection: Connection, context: CommandContext, wanted: PersonReference, known: list[Account]
) -> Account | NotFound:
    """The account with this name or handle, also one that it had earlier in the chat."""
    had: Collection[Ident] = ()
    if wanted.handle:
        places = {one.place for one in known}
        had = author_history.who_had_handle(connection, wanted.handle, chat=context.chat.name, places=places)
    there = [one for one in known if wanted.place in (None, one.place)]
    return _only_one(context, wanted, [one for one in there if _fits(one, wanted) or (one.place, one.author.id) in had])


def _who_only_joined(connection: Connection, context: CommandContext, known: list[Account]) -> list[Account]:
    wrote = {(one.place, one.author.id) for one in known}
    came = participants.joined(connection, context.chat.name, _MOST_JOINED)
    return [Account(place=one.place, author=one.author) for one in came if (one.place, one.author.id) not in wrote]


def _idents(connection: Connection, context: CommandContext, pointer: MessageReference) -> list[Ident]:
    if pointer.number is not None:
        entry = moderation_queue.find(connection, context.chat.name, pointer.number)
        return [(entry.place, entry.id)] if entry else []
    if pointer.place or context.command.place in context.environment.places:
        return [(pointer.place or context.command.place, pointer.id)]
    return [(place, pointer.id) for place in context.environment.places]


def _with_known_handle(connection: Connection, context: CommandContext, one: Account) -> Account:
    """The account with the handle that was looked up, on a platform whose messages have none."""
    if one.author.handle or not context.environment.places[one.place].features.nameless:
        return one
    known = people.get_authors(connection, [(one.place, one.author.id)]).get((one.place, one.author.id))
    return Account(place=one.place, author=known) if known else one


def _by_id(
    connection: Connection, context: CommandContext, wanted: PersonReference, known: list[Account]
) -> Account | NotFound:
    """The account with this id. A number is an account even if it has not written yet; anything else is a handle."""
    place = wanted.place or context.command.place
    if place not in context.environment.places:
        return NotFound(
            reason=_("Say on which place, like `{next}/{id}`.").format(
                next=next(iter(context.environment.places), "x"), id=wanted.id
            )
        )
    found = next((one for one in known if (one.place, one.author.id) == (place, wanted.id)), None)
    if found is not None:
        return found
    if (wanted.id or "").isdigit() and not context.environment.places[place].features.own_pages:
        return Account(place=place, author=Author(id=wanted.id or ""))
    named = PersonReference(place=place, handle=f"@{wanted.id}")
    return _by_name(connection, context, named, known)


def _fits(one: Account, wanted: PersonReference) -> bool:
    if wanted.handle:
        return _normalized(one.author.handle).lstrip("@") == _normalized(wanted.handle).lstrip("@")
    return _normalized(one.author.name) == _normalized(wanted.name or "")


def _normalized(name: str) -> str:
    """The name composed and without case. Letters that only look alike stay different: they are other accounts."""
    return unicodedata.normalize("NFC", name).casefold().strip()


def _only_one(context: CommandContext, wanted: PersonReference, found: list[Account]) -> Account | NotFound:
    """The only one; of several, the only one on the place of the command."""
    here = [one for one in found if one.place == context.command.place]
    if len(found) == 1 or len(here) == 1:
        return (found if len(found) == 1 else here)[0]
    if not found:
        called = wanted.handle or wanted.name or ""
        return NotFound(reason=_("Nobody called {called} has spoken in this chat.").format(called=called[:40]))
    same = [one for one in found if wanted.handle and _fits(one, wanted)]
    listed = ", ".join(one.by_id if one in same else one.named for one in found[:_SHOWN])
    return NotFound(
        reason=_("Several people could be meant: {listed}. Write it like one of these.").format(listed=listed)
    )
