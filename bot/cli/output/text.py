"""Words for a terminal, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(text: str, *, lines: bool = True) -> str:
    """A text without anything that would steer the terminal; without `lines` in one line."""
    kept = "".join(one if one.isprintable() or one in "\n " else " " for one in text)
    return kept if lines else " ".join(kept.split())


def verdict(line: Mapping[str, Any]) -> str:
    """What the guard said of a text, in one line."""
    why = ", ".join(
        f"{one['kind'].replace('_', ' ')} in characters {one['start'] + 1} to {one['end']}" for one in line["reasons"]
    )
    return f"{line['verdict']}  {line['text']}" + (f"  ({why})" if why else "")
