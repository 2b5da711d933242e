"""One message of ours: sent to a channel, thread or private channel, and recognized there.

A refusal of a part is no refusal of the words: without its picture a message goes out with the picture's description,
and a reply that may be none as an ordinary message.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import msgspec
from discord.http import MultipartParameters, handle_message_parameters

from adapters.discord.errors import (
    BAD_FILE,
    BAD_FORM,
    EXPLICIT,
    FILE_TOO_LARGE,
    NO_PERMISSION,
    NO_REPLY,
    TOO_LARGE,
    code_of,
)
from adapters.discord.rest import Json, Rest, id_of, mapping, number
from adapters.discord.settings import LIMIT
from adapters.kit.lost_answers import earliest, find_own
from bot.errors import PlatformError
from bot.messages import Image, Post, Value

_ALT = 1024
"""Characters of a picture's description."""

_SHORTEST_ALT = 20
"""A description of which less than this would be left is not put into the words."""

_PING = re.compile(r"\n<@&\d+>\Z")

_HTTP_TOO_LARGE = "413"

_ABOUT_PICTURES = frozenset({NO_PERMISSION, TOO_LARGE, FILE_TOO_LARGE, BAD_FILE, EXPLICIT, BAD_FORM})
"""Refusals of a message with a picture that may be about the picture."""

MAY_NOT_ATTACH = "The bot may not post pictures: give its role Attach Files under Edit Channel → Permissions."
PICTURE_LATE = "Discord did not take the picture in time."
PICTURE_TOO_LARGE = "The picture is too large for Discord; make it smaller than 10 MB."


class _OneRole(discord.AllowedMentions):
    """Pings one role and nobody else, in the published form: the library writes the id as a number."""

    def __init__(self, role: int) -> None:
        super().__init__(everyone=False, users=False, roles=[discord.Object(role)], replied_user=False)
        self._id = str(role)

    def to_dict(self) -> Any:  # noqa: ANN401 -- the library's own
        """The roles that may be pinged."""
        return {"parse": [], "roles": [self._id]}


class Form(Value, frozen=True, kw_only=True):
    """The form of a post: as planned, or with less. `picture` may stay behind, with `why` for the host to read.

    `role` is pinged; 0: nobody is.
    """

    post: Post
    reply_to: str | None = None
    role: int = 0
    picture: Image | None = None
    why: str = ""

    @property
    def content(self) -> str:
        """The words, with those of a picture that stays behind, and the ping."""
        ping = f"\n<@&{self.role}>" if self.role else ""
        if self.picture == self.post.image:
            return f"{self.post.text}{ping}"
        return f"{with_description(self.post, LIMIT - len(ping))}{ping}"

    def without(self, error: PlatformError) -> Form | None:
        """The form with less that may pass where this one was refused; None if the words themselves were."""
        code = code_of(error)
        too_large = code == TOO_LARGE or error.code.startswith(_HTTP_TOO_LARGE)
        if self.picture and (too_large or code in _ABOUT_PICTURES):
            why = PICTURE_TOO_LARGE if too_large else MAY_NOT_ATTACH if code == NO_PERMISSION else str(error)
            return msgspec.structs.replace(self, picture=None, why=why)
        if self.reply_to and code in {NO_REPLY, BAD_FORM}:
            return msgspec.structs.replace(self, reply_to=None)
        return None

    def parameters(self, heading: Json | None = None) -> MultipartParameters:
        """The form as the library sends it. Nobody but the role is pinged. Raises OSError for an unreadable picture.

        `heading` is what a post in a forum has beside its first message, which then has no nonce.
        """
        more: dict[str, Any] = {"channel_payload": heading} if heading else {"nonce": self.post.nonce}
        if self.picture:
            more["file"] = discord.File(self.picture.path, description=self.picture.alt[:_ALT])
        if number(self.reply_to):
            more["message_reference"] = {"message_id": self.reply_to, "fail_if_not_exists": False}
        mentions = _OneRole(self.role) if self.role else discord.AllowedMentions.none()
        return handle_message_parameters(content=self.content, allowed_mentions=mentions, **more)


class Sent(Value, frozen=True, kw_only=True):
    """A message that is out: its id, and why its picture is not with it, if that is so."""

    id: str
    why: str = ""


async def send(rest: Rest, post: Post, where: int, *, reply_to: str | None = None, role: int = 0) -> Sent:
    """Send to a channel, thread or private channel. Raises PlatformError if the words themselves are refused."""
    form = Form(post=post, reply_to=reply_to, role=role, picture=post.image)
    return await _deliver(rest, form, lambda made: rest.http.send_message(where, params=made))


async def post_in_forum(rest: Rest, post: Post, forum: int, heading: Json, *, role: int = 0) -> Sent:
    """Make a post in a forum: its id is that of its thread and of its first message. Raises PlatformError."""
    form = Form(post=post, role=role, picture=post.image)
    return await _deliver(rest, form, lambda made: rest.http.start_thread_in_forum(forum, params=made), heading)


async def _deliver(
    rest: Rest, whole: Form, call: Callable[[MultipartParameters], Awaitable[object]], heading: Json | None = None
) -> Sent:
    form: Form | None = readable(whole)
    while form:
        limit = rest.picture_limit(form.post.due) if form.picture and not heading else None
        try:
            with form.parameters(heading) as parameters:
                async with asyncio.timeout(limit):
                    return _sent(await rest.call(call(parameters)), form)
        except TimeoutError:  # by the nonce, Discord knows a message that is there after all
            form = msgspec.structs.replace(form, picture=None, why=PICTURE_LATE)
        except PlatformError as error:
            form = form.without(error)
            if form is None:
                raise
    raise AssertionError


def _sent(answer: object, form: Form) -> Sent:
    """What Discord took. Nothing is missing if the message is one that it had before, with its picture."""
    return Sent(id=id_of(answer), why="" if mapping(answer).get("attachments") else form.why)


def readable(form: Form) -> Form:
    """The form without a picture that this machine cannot read."""
    if form.picture is None:
        return form
    try:
        with Path(form.picture.path).open("rb"):
            return form
    except OSError as error:
        why = f"The picture '{Path(form.picture.path).name}' cannot be read ({error.strerror})."
        return msgspec.structs.replace(form, picture=None, why=why)


async def find(rest: Rest, post: Post, where: int) -> Json | None:
    """The message that is this post, in a channel, thread or private channel. Raises PlatformError."""
    pages: AsyncIterator[list[Json]] = rest.history(where, discord.utils.time_snowflake(earliest(post)))
    return await find_own(pages, lambda message: is_same(message, post, me=rest.me))


def is_same(message: Json, post: Post, *, me: int) -> bool:
    """Whether a message is this post, in any of its forms."""
    author = message.get("author")
    if not isinstance(author, dict) or number(author.get("id")) != me:
        return False
    if message.get("nonce") is not None:
        return str(message["nonce"]) == post.nonce
    said = str(message.get("content"))
    words = _PING.sub("", said)
    room = LIMIT - len(said) + len(words)
    # Discord strips white space
    return words in {post.text.strip(), with_description(post, room).strip()}


def with_description(post: Post, limit: int = LIMIT) -> str:
    """The text with the description of the post's picture, as far as there is room."""
    room = limit - len(post.text) - len("\n[Picture: ]")
    if post.image is None or room < min(_SHORTEST_ALT, len(post.image.alt)):
        return post.text
    alt = post.image.alt if len(post.image.alt) <= room else f"{post.image.alt[: room - 1]}…"
    return f"{post.text}\n[Picture: {alt}]"
