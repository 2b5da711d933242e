"""The content of a Discord message: its words, its media, and the names of those it mentions by id. Pure."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator

from adapters.discord.payloads import Attachment, MessageContent
from bot.messages import Media, MediaKind

_MENTION = re.compile(r"<@!?(\d+)>")
_MARK = re.compile(r"<(?:@&|#)\d+>")

_VOICE = 1 << 13
"""The flag of a message that is a voice note."""

_KINDS: dict[str, MediaKind] = {"image": "picture", "video": "video", "audio": "audio"}

NameOf = Callable[[str], str | None]
"""The name of a channel or role of the server, by the characters that mention it: `<#100>` is `#general`."""


def mentions(message: MessageContent, account: int) -> bool:
    """Whether a message mentions an account, in its words or by replying to it."""
    me = str(account)
    return any(user.id == me for user in message.mentions) or me in _MENTION.findall(message.content or "")


def names(message: MessageContent, name_of: NameOf) -> dict[str, str]:
    """The names of the accounts, channels and roles that the words mention by id, as far as they are known."""
    text = message.content or ""
    if "<" not in text:
        return {}
    found = {f"<@{user.id}>": f"@{user.username}" for user in message.mentions if user.username}
    known = {mark: name for mark, name in found.items() if mark in text.replace("<@!", "<@")}
    return known | {mark: name for mark in _MARK.findall(text) if (name := name_of(mark))}


def media(message: MessageContent) -> tuple[Media, ...]:
    """The media of a message. A forward counts as one thing: its words are somebody else's."""
    return tuple(_media(message))


def is_told(message: MessageContent) -> bool:
    """Whether the payload says what the message has beside words: an update may tell only a part."""
    return message.attachments is not None


def _media(message: MessageContent) -> Iterator[Media]:
    for one in message.attachments or ():
        kind: MediaKind = "voice" if message.flags & _VOICE else _kind(one)
        yield Media(kind=kind, text=one.description or "")
    for sticker in message.sticker_items:
        yield Media(kind="sticker", text=sticker.name)
    if message.poll:
        yield Media(kind="poll", text=message.poll.question.text or "")
    if message.is_forward:
        yield Media(kind="forward")


def _kind(file: Attachment) -> MediaKind:
    """The kind of a file; its name is not shown, for it may be a patient's."""
    told = file.content_type or mimetypes.guess_type(file.filename)[0] or ("image/" if file.width else "")
    return _KINDS.get(told.partition("/")[0], "file")
