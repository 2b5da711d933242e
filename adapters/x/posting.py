"""Posts with their pictures. A picture never costs a question: what X refuses of it is left out.

Nothing here is tried again later; the outbox does that.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime, timedelta
from pathlib import Path

from adapters.x.client import XClient
from adapters.x.errors import DuplicateError
from adapters.x.payloads import Tweet
from bot.errors import PlatformError
from bot.messages import Image, Post

_LONGEST_ALT, _SHORTER_ALT = 1000, 400
"""Characters of alternative text that X takes, and to which one is cut that X refused."""

_PATIENCE = timedelta(seconds=30)
"""How late a post may be because its picture could not be sent just now."""

_WITHOUT = "X did not take the picture, so the post is there without it; say in a post what it shows. {why}"

_UNDESCRIBED = (
    "X did not take the picture's alternative text, so the picture is there without; say in a post what it shows. {why}"
)

_CUT = "X did not take the whole alternative text of the picture, so its end is missing. {why}"


async def create(client: XClient, post: Post, now: datetime, limit: float) -> tuple[Tweet, str]:
    """Post it, with its picture and the picture's alternative text as far as X takes them.

    `limit`: seconds that a picture may take; half as many if the post is late, so that its words can follow. Returns
    what host and operator have to be told about the picture; empty if all of it is there. Raises PlatformError.
    """
    picture, missing = await _picture_in_time(client, post, post.image, now, limit) if post.image else (None, "")
    try:
        return await client.create_post(post, [picture] if picture else []), missing
    except DuplicateError:
        raise
    except PlatformError as error:
        if not picture or not error.permanent:
            raise
        # it may be the picture that X does not take
        return await client.create_post(post, []), _WITHOUT.format(why=error)


async def _picture_in_time(
    client: XClient, post: Post, image: Image, now: datetime, limit: float
) -> tuple[str | None, str]:
    """As `_picture`, within a time limit."""
    try:
        async with asyncio.timeout(limit / 2 if now - post.due >= _PATIENCE else limit):
            return await _picture(client, post, image, now)
    except TimeoutError:
        error = PlatformError("X did not take it in time.")
        _give_up(error, post, now)
        return None, _WITHOUT.format(why=error)


async def _picture(client: XClient, post: Post, image: Image, now: datetime) -> tuple[str | None, str]:
    """Send the picture and its alternative text, before the post that shows it; its id, and what is missing."""
    try:
        media = await client.upload(await upload_body(image))
    except PlatformError as error:
        _give_up(error, post, now)
        return None, _WITHOUT.format(why=error)
    whole = image.alt[:_LONGEST_ALT]
    try:
        await client.set_alt_text(media, whole, post.chat)
    except PlatformError as error:
        _give_up(error, post, now)
        return media, await _described_shorter(client, post, media, whole, error)
    return media, ""


async def _described_shorter(client: XClient, post: Post, media: str, whole: str, refused: PlatformError) -> str:
    """Give the picture a shorter alternative text, as the whole one was refused. Returns what is missing."""
    shorter = whole[:_SHORTER_ALT]
    if refused.permanent and shorter != whole:
        try:
            await client.set_alt_text(media, shorter, post.chat)
        except PlatformError:
            return _UNDESCRIBED.format(why=refused)
        return _CUT.format(why=refused)
    return _UNDESCRIBED.format(why=refused)


def _give_up(error: PlatformError, post: Post, now: datetime) -> None:
    """Go on without. Raises the error again if the post can wait until it is over.

    Once it cannot, even keys that X does not take for pictures are no reason: the words will show whether they hold.
    """
    again = now + timedelta(seconds=error.retry_after or 0.0)
    if not error.permanent and again - post.due < _PATIENCE:
        raise error


_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
"""Media types that X takes in one piece, by file ending."""


async def upload_body(image: Image) -> dict[str, str]:
    """The body of an upload. Raises PlatformError, `permanent`, if it can't be read or X takes none of its kind."""
    path = Path(image.path)
    kind = _TYPES.get(path.suffix.lower())
    if kind is None:
        raise PlatformError(f"X takes no picture called {path.name}. Make it a PNG, JPEG or WebP.", permanent=True)
    try:
        data = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise PlatformError(f"The picture {path.name} cannot be read.", permanent=True) from error
    return {
        "media": base64.b64encode(data).decode("ascii"),
        "media_category": "tweet_image",
        "media_type": kind,
    }
