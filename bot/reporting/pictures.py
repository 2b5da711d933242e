"""The pictures of questions, as addresses that need no other file. Reads files; what is shown is decided elsewhere."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from bot.chat import Chat

LARGEST = 500_000
"""Bytes of a picture: a page should still fit into an e-mail."""


def question_pictures(chat: Chat) -> Mapping[str, str]:
    """The picture of each question that has one, if its file is there and not too large. Its text stands anyway."""
    found = {one.key: _inline(Path(one.image.path)) for one in chat.questions if one.image}
    return {key: address for key, address in found.items() if address}


def _inline(path: Path) -> str:
    media_type = mimetypes.guess_type(path.name)[0] or ""
    try:
        if not media_type.startswith("image/") or path.stat().st_size > LARGEST:
            return ""
        return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"
    except (OSError, ValueError):
        return ""
