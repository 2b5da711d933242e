"""One message of the bot's: how it is sent, and how it is known again. Nobody is pinged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
from discord.http import handle_message_parameters

from adapters.discord.rest import Json, Rest, made, number
from bot.errors import PlatformError
from bot.messages import Image, Post

_ALT = 1024
"""Characters of a picture's description."""


async def say(rest: Rest, post: Post, where: int, *, reply_to: str | None = None) -> str:
    """Send it to a channel, thread or private channel; its id. Raises PlatformError."""
    more: dict[str, Any] = {"file": _file(post.image)} if post.image else {}
    if number(reply_to):
        more["message_reference"] = {"message_id": reply_to, "fail_if_not_exists": False}
    mentions = discord.AllowedMentions.none()
    form = handle_message_parameters(content=post.text, nonce=post.nonce, allowed_mentions=mentions, **more)
    with form:
        return made(await rest.call(rest.http.send_message(where, params=form)))


def said(one: Json, post: Post, *, me: int) -> bool:
    """Whether a message is this post."""
    author = one.get("author")
    if not isinstance(author, dict) or number(author.get("id")) != me:
        return False
    if one.get("nonce") is not None:
        return str(one["nonce"]) == post.nonce
    # Discord takes white space off both ends
    return str(one.get("content")) == post.text.strip()


def _file(image: Image) -> discord.File:
    try:
        return discord.File(image.path, description=image.alt[:_ALT])
    except OSError as error:
        name = Path(image.path).name
        raise PlatformError(f"The picture '{name}' cannot be read ({error.strerror}).", permanent=True) from error
