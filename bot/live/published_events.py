"""The events of a chat as they may be published: with ids made anew, and as its file says (`publish`). Pure.

    named        everybody is shown by the name that they showed
    pseudonyms   everybody is shown by a pseudonym, which is another in each chat
    consented    only people who said yes are shown, and counted
    nobody       nothing that people wrote is shown or counted

All that is published is made of these events: so pages, numbers, lists, exports and logs keep to it alike, and the log
that is published gives the same when it is read back. Pseudonyms take away names, handles, addresses and ids, also
inside what others wrote. They can't keep anybody from finding a post by searching a platform for its words, nor do they
replace a first name in a sentence. So it is where only some people are shown, or nobody: handles and full names of all
others, and links to their posts, stand in nobody's words, nor in what a host had the bot say. Hosts and moderators of
the chat's file are named in it, so they stay.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec

from bot.chat import Chat, Host
from bot.live.choices import people_choices
from bot.messages import AnyEvent, Author, Command, Media, Message, Posted, Withdrawn
from bot.messages.keyed_ids import KEYED_ID, NOBODY, secret_of, with_keyed_ids

SOMEBODY = "somebody"
"""What stands for the handle of a person who wrote nothing here."""

_SPONTANEOUS = frozenset({"notice", "receipt"})
"""Posts of the bot's that are not in the chat's file: what a host had it say, and answers. They may name people."""

_A_POST = "[a post]"

_TICK = timedelta(microseconds=1)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HANDLE = re.compile(r"(?<![\w@./<-])@(\w{1,64})")
_MENTION = re.compile(rf"<@!?(\d{{1,25}}|{KEYED_ID})>")
_POST = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\S+|https?://(?:\w+\.)?discord(?:app)?\.com/channels/\S+",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"m-[0-9a-f]{16}")
_REFERRING = ("id", "version", "of", "into", "reply_to", "quotes", "conversation")
"""The fields that name a message by its id."""


def published_form(chat: Chat, events: Iterable[AnyEvent], secret: bytes | None = None) -> list[AnyEvent]:
    """The events as they may be published. `secret` is the chat's; None: made of the log, as for ids of people."""
    heard = list(events)
    secret = secret_of(heard) if secret is None and chat.publish == "pseudonyms" else secret
    keyed = with_keyed_ids(heard, secret)
    match chat.publish:
        case "pseudonyms":
            return list(_with_pseudonyms(keyed, secret or b""))
        case "consented":
            said_yes = {person for person, is_out in people_choices(keyed).items() if not is_out}
            return [*_unnaming(chat, keyed, said_yes), *_without(keyed, said_yes)]
        case "nobody":
            return [*_unnaming(chat, keyed, set()), *_without(keyed, set())]
        case _:
            return keyed


def pseudonym(id: str) -> str:
    """The pseudonym of a person with this keyed id."""
    number = int.from_bytes(sha256(id.encode()).digest()[:4])
    return "Participant " + "".join(_LETTERS[number >> 5 * place & 31] for place in range(4))


def _without(events: list[AnyEvent], shown: set[tuple[str, str]]) -> Iterator[Withdrawn]:
    """Leave out all people but these."""
    people = {(event.place, author.id) for event in events if (author := _author(event)) and author.id != NOBODY}
    for place, id in sorted(people - shown):
        yield Withdrawn(place=place, author=Author(id=id), at=max(event.at for event in events) + _TICK)


def _unnaming(chat: Chat, events: list[AnyEvent], shown: set[tuple[str, str]]) -> Iterator[AnyEvent]:
    """The events; in words that may be shown nobody else is named."""
    in_words = _words_about(chat, events, shown)
    ids = {id for _, id in shown}
    for event in events:
        if isinstance(event, Posted) and event.kind not in _SPONTANEOUS:
            yield event
        else:
            yield _unnamed(event, in_words, ids)


def _unnamed(event: AnyEvent, in_words: Callable[[str], str], shown: set[str]) -> AnyEvent:
    changes: dict[str, Any] = {}
    if (text := getattr(event, "text", "")) and not isinstance(event, Command):
        changes["text"] = in_words(text)
    if names := getattr(event, "names", None):
        changes["names"] = {mark: name if _id_in(mark) in {"", *shown} else SOMEBODY for mark, name in names.items()}
    if media := getattr(event, "media", None):
        changes["media"] = tuple(Media(kind=one.kind, text=in_words(one.text)) for one in media)
    return msgspec.structs.replace(event, **changes) if changes else event


def _author(event: AnyEvent) -> Author | None:
    return None if isinstance(event, Command) else getattr(event, "author", None)


def _with_pseudonyms(events: list[AnyEvent], secret: bytes) -> Iterator[AnyEvent]:
    own = {event.id for event in events if isinstance(event, Posted)}
    in_words = _words(events)

    def message_id(id: str) -> str:
        if id in own or _MESSAGE_ID.fullmatch(id):
            return id
        return f"m-{hmac.new(secret, id.encode(), sha256).hexdigest()[:16]}"

    for event in events:
        if isinstance(event, Posted) and event.kind in _SPONTANEOUS:
            yield msgspec.structs.replace(event, text=in_words(event.text))
        else:
            yield event if isinstance(event, Posted | Command) else _disguised(event, message_id, in_words)


def _disguised(event: AnyEvent, message_id: Callable[[str], str], in_words: Callable[[str], str]) -> AnyEvent:
    """The event without anything that tells who is who."""
    changes: dict[str, Any] = {}
    for name in _REFERRING:
        if found := getattr(event, name, None):
            changes[name] = message_id(found)
    if author := _author(event):
        changes["author"] = _pseudonymous(author)
    if text := getattr(event, "text", ""):
        changes["text"] = in_words(text)
    if names := getattr(event, "names", None):
        changes["names"] = {mark: _named(mark, name) for mark, name in names.items()}
    if media := getattr(event, "media", None):
        changes["media"] = tuple(Media(kind=one.kind, text=in_words(one.text)) for one in media)
    if isinstance(event, Message):
        changes |= {"url": None, "versions": tuple(map(message_id, event.versions))}
    return msgspec.structs.replace(event, **changes)


def _pseudonymous(author: Author) -> Author:
    return Author(id=author.id, name=pseudonym(author.id) if author.handle or author.name else "")


def _named(mark: str, name: str) -> str:
    """The name for a mention by id. Roles and channels are no people."""
    id = _id_in(mark)
    return pseudonym(id) if id else name


def _id_in(mark: str) -> str:
    """The id of the person in a mention; empty for roles and channels."""
    found = _MENTION.fullmatch(mark)
    return found[1] if found else ""


def _words(events: list[AnyEvent]) -> Callable[[str], str]:
    """Replaces the handles and full names of people in a text, and links that lead to their posts."""
    authors = [author for event in events if (author := _author(event)) is not None]
    handles = {one.handle.lstrip("@").casefold(): pseudonym(one.id) for one in authors if one.handle}
    names = {one.name: pseudonym(one.id) for one in authors if " " in one.name and one.name != pseudonym(one.id)}
    return _replacing(lambda found: handles.get(found[1].casefold(), SOMEBODY), names, lambda _found: _A_POST)


def _words_about(chat: Chat, events: list[AnyEvent], shown: set[tuple[str, str]]) -> Callable[[str], str]:
    """Replaces the handles and full names of all but the people who are shown, and links that lead to their posts."""
    authors = {(event.place, author.id): author for event in events if (author := _author(event)) is not None}
    staff = [*chat.hosts, *chat.moderators]
    known = [*(one.handle for key, one in authors.items() if key in shown), *_handles(staff)]
    kept = {one.lstrip("@").casefold() for one in known if one}
    kept_names = {*(one.name for one in staff), *(one.name for key, one in authors.items() if key in shown)}
    full_names = {name for event in events if (name := getattr(_author(event), "name", "")) and " " in name}
    posts = {event.id for event in events if isinstance(event, Posted)}
    posts |= {event.id for event in events if isinstance(event, Message) and (event.place, event.author.id) in shown}
    return _replacing(
        lambda found: found[0] if found[1].casefold() in kept else SOMEBODY,
        dict.fromkeys(full_names - kept_names, SOMEBODY),
        lambda found: found[0] if posts.intersection(re.findall(r"\w+", found[0])) else _A_POST,
    )


def _handles(people: Iterable[Host]) -> list[str]:
    return [handle for one in people for handle in one.handles.values()]


def _replacing(
    handle: Callable[[re.Match[str]], str], names: Mapping[str, str], post: Callable[[re.Match[str]], str]
) -> Callable[[str], str]:
    """Replaces handles, these names, and links to posts in a text; not a handle or a name in a link that stays."""
    longest_first = sorted(names, key=len, reverse=True)
    full_names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if names else None

    def replaced(text: str) -> str:
        text = _POST.sub(post, text)
        text = _HANDLE.sub(handle, text)
        return full_names.sub(lambda found: names[found[0]], text) if full_names else text

    return replaced
