"""The encoding of a text that nobody named."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

_WESTERN, _ASCII = "cp1252", 127

_OLD_MAC = re.compile("[a-z]\u00d5[a-z]|\u00d2[A-Za-z]?[a-z][^\u00d2\u00d3]{0,300}[a-z.!?,]\u00d3")
"""What the quotes of old Macs become in the western encoding: no language has these capitals there."""


def without_utf16(data: bytes) -> bytes:
    """A text of UTF-16, with or without its mark, in UTF-8; any other data as it is."""
    head = data[:1000]
    first, second, enough = head[::2].count(0), head[1::2].count(0), len(head) * 0.4
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif max(first, second) > enough and not min(first, second):
        encoding = "utf-16-be" if first else "utf-16-le"
    else:
        return data
    return data.decode(encoding, errors="replace").encode(errors="replace")


def decoded(data: bytes) -> str:
    """The text in whatever encoding it was saved. UTF-8 is tried first: a guess could only be worse."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        encoding = best.encoding if best else _WESTERN
        if not encoding.startswith("utf") and sum(one > _ASCII for one in data) * 10 < len(data):
            encoding = _WESTERN  # a few accents and quotes are too little for a guess
        if _OLD_MAC.search(data.decode(_WESTERN, errors="replace")):
            encoding = "mac_roman"
        return data.decode(encoding, errors="replace").lstrip("\ufeff")
