"""The encoding of a text that nobody named."""

from __future__ import annotations

from charset_normalizer import from_bytes

_WESTERN, _ASCII = "cp1252", 127


def decoded(data: bytes) -> str:
    """The text in whatever encoding it was saved. UTF-8 is tried first: a guess could only be worse."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        encoding = best.encoding if best else _WESTERN
        if not encoding.startswith("utf") and sum(one > _ASCII for one in data) * 10 < len(data):
            encoding = _WESTERN  # a few accents and quotes are too little for a guess
        return data.decode(encoding, errors="replace").lstrip("\ufeff")
