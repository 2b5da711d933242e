"""Which authors' names could identify a patient. The guard sees each once while it is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.moderation.guard import check_texts

_SIGN = re.compile(r"[\d@\uff20]")
"""In a name without any of these the guard can't find anything."""

_LONGEST = 200
"""Characters of a name that are looked at."""

_MOST = 8192
"""Names that are remembered."""

_held: dict[str, bool] = {}


def learn(names: Iterable[str]) -> int:
    """Show the guard those of these names that are new, all at once; returns how many they were."""
    new = list(dict.fromkeys(cut for name in names if (cut := name[:_LONGEST]) not in _held))
    if len(_held) + len(new) > _MOST:
        _held.clear()
    signed = [name for name in new if _SIGN.search(name)]
    _held.update(dict.fromkeys(new, False))
    _held.update((name, found.verdict == "hold") for name, found in zip(signed, check_texts(signed), strict=True))
    return len(new)


def is_held(name: str) -> bool:
    """Whether the guard holds this name."""
    cut = name[:_LONGEST]
    if cut not in _held:
        learn((cut,))
    return _held[cut]
