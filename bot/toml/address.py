"""The address of a web page, as people write it. Whether anything answers there is not asked."""

from __future__ import annotations

import re

from pydantic import HttpUrl, TypeAdapter, ValidationError

from bot.toml.validation import ours

_URL = TypeAdapter(HttpUrl)


def address(value: str) -> str:
    """A whole http or https address, as written. Raises PydanticCustomError."""
    value = value.strip()
    try:
        _URL.validate_python(value)
    except ValidationError:
        value = ""
    if not re.fullmatch(r"https?://[^\s/]+\S*", value, re.IGNORECASE):
        raise ours("write the whole address of the page, beginning with https://")
    return value
