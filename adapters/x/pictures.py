"""Pictures in the form of X's upload. Reads the file; sends nothing."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from bot.errors import PlatformError
from bot.messages import Image

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
