"""Keyed ids: new ids of people for one chat, in all of its events. Pure.

A platform's id of a person is the same for years, so it connects everything they wrote, under any name. In everything
that leaves the store it is replaced by a hash with a key that only the chat has, so that it can't connect two chats.
Within the chat it stays one id. An id that is already keyed stays as it is, so an exported log gives the same ids when
it is read back.

On a platform that shows it, a message's id leads to its author as well: if they are not named, or the message is not
shown, it is replaced in the same way. Handles and names are not changed here: people choose them themselves.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b, sha256

import msgspec

from bot.messages.events import AnyEvent, Command, Edited, Message, Posted
from bot.messages.values import Author

NOBODY = "gone"
"""The id of people of whom nothing is published. It is nobody's, so it stays."""

KEYED_ID = r"p-[0-9a-f]{16}"
"""What a keyed id looks like. No platform gives such ids."""

_KEYED_MESSAGE = re.compile(r"m-[0-9a-f]{16}")
_IS_KEYED = re.compile(rf"{KEYED_ID}|{NOBODY}")
_MENTION = re.compile(r"(<@!?)(\d{1,25})(?=>)")
_SHORTEST = 15
"""Digits of an account's id on Discord. A shorter number may be anything, unless it is somebody's id here."""

_ID_IN_COMMAND = re.compile(r"(?<![\w-])(?:(?<=/)|(?=[\w-]*\d))[\w-]{6,}")
"""What may be an id in a command: a word with a digit, or after a place as in `room/…`. Other words stay, whoever is
called so on a shell.
"""

Key = Callable[[str], str]
"""Gives the keyed id for an id."""

ID_FIELDS = {"reply_to": "reply_place", "into": "into_place"} | dict.fromkeys(
    ("id", "version", "of", "quotes", "conversation"), "place"
)
"""The fields of events that name a message by its id, each with the field that names its place, if that is another."""

_FOR_THE_LOG = secrets.token_bytes(16)


def logged_id(id: str, chat: str | None) -> str:
    """The id of a person as the program's own log has it: another in each chat, and after each start."""
    return key_of(_FOR_THE_LOG)(f"{chat}\n{id}")


def key_of(secret: bytes) -> Key:
    """The keyed ids of the chat that has this secret."""
    known: dict[str, str] = {}

    def keyed(id: str) -> str:
        found = known.get(id)
        if found is None:
            found = known[id] = id if is_keyed(id) else f"p-{hmac.new(secret, id.encode(), sha256).hexdigest()[:16]}"
        return found

    return keyed


def message_key_of(secret: bytes) -> Key:
    """The keyed ids of messages in the chat that has this secret."""
    known: dict[str, str] = {}

    def keyed(id: str) -> str:
        found = known.get(id)
        if found is None:
            made = hmac.new(secret, id.encode(), sha256).hexdigest()[:16]
            found = known[id] = id if is_keyed_message(id) else f"m-{made}"
        return found

    return keyed


def is_keyed(id: str) -> bool:
    """Whether an id is keyed already, or nobody's."""
    return _IS_KEYED.fullmatch(id) is not None


def is_keyed_message(id: str) -> bool:
    """Whether the id of a message is keyed already."""
    return _KEYED_MESSAGE.fullmatch(id) is not None


def with_keyed_ids(events: Iterable[AnyEvent], secret: bytes | None = None) -> list[AnyEvent]:
    """The events with keyed ids. Without a `secret`, as for a log that no store knows, it is made of the whole log.

    So it is the same for the same events in any order and number, and another for each log.
    """
    heard = list(events)
    people = {author.id for event in heard if (author := _author(event)) is not None}
    if all(map(is_keyed, people)) and not any(_mentions_anybody(event) for event in heard):
        return heard
    keyed = key_of(secret_of(heard) if secret is None else secret)
    return [_keyed_event(event, keyed, people) for event in heard]


def secret_of(events: Sequence[AnyEvent]) -> bytes:
    """A secret that is made of a whole log: the same for the same events in any order and number."""
    whole = blake2b(digest_size=32)
    for line in sorted({msgspec.json.encode(event) for event in events}):
        whole.update(line + b"\n")
    return whole.digest()


def _author(event: AnyEvent) -> Author | None:
    return getattr(event, "author", None)


def _mentions_anybody(event: AnyEvent) -> bool:
    text = getattr(event, "text", "")
    return "<@" in text and _MENTION.search(text) is not None


def _keyed_event(event: AnyEvent, keyed: Key, people: set[str]) -> AnyEvent:
    author = _author(event)
    if author is not None:
        event = msgspec.structs.replace(event, author=msgspec.structs.replace(author, id=keyed(author.id)))
    if isinstance(event, Message | Edited | Posted | Command) and "<@" in event.text:
        event = msgspec.structs.replace(event, text=_keyed_mentions(event.text, keyed, people))
    if isinstance(event, Message | Edited | Command) and event.names:
        names = {_keyed_mentions(mark, keyed, people): name for mark, name in event.names.items()}
        event = msgspec.structs.replace(event, names=names)
    return _keyed_command(event, keyed, people) if isinstance(event, Command) else event


def _keyed_mentions(text: str, keyed: Key, people: set[str]) -> str:
    def mention(found: re.Match[str]) -> str:
        is_id = len(found[2]) >= _SHORTEST or found[2] in people
        return found[1] + keyed(found[2]) if is_id else found[0]

    return _MENTION.sub(mention, text)


def _keyed_command(command: Command, keyed: Key, people: set[str]) -> Command:
    """A command may name a person by id, as in `mute room/…`."""

    def anew(found: re.Match[str]) -> str:
        return keyed(found[0]) if found[0] in people else found[0]

    def words(text: str | None) -> str | None:
        return _ID_IN_COMMAND.sub(anew, text) if text else text

    texts = {name: words(getattr(command, name)) for name in ("text", "before", "after", "receipt")}
    return msgspec.structs.replace(command, **texts)
