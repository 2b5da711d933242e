"""Breaks a platform's payload in every place, one at a time; and holds a sample against the published contract."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.sims import comparison

ODD: tuple[object, ...] = (None, 7, "odd", [], {}, ["odd", None], {"odd": 1})
"""What stands in the place of a part; a part may be missing, too."""

Path = tuple[str | int, ...]


def broken(payload: object) -> Iterator[tuple[Path, object]]:
    """The path of each part, and the payload in which this part is odd or missing."""
    for path in _paths(payload, ()):
        for odd in (*ODD, ...):
            made = copy.deepcopy(payload)
            inside: Any = made
            for step in path[:-1]:
                inside = inside[step]
            if odd is ...:
                del inside[path[-1]]
            else:
                inside[path[-1]] = odd
            yield path, made


def _paths(value: object, path: Path) -> Iterator[Path]:
    items: list[tuple[Any, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def problems(platform: str, path: str, answer: object) -> list[tuple[str, str]]:
    """What does not fit in an answer to a GET by the published contract."""
    from tests.sims import published  # noqa: PLC0415 -- its library takes long to import, in every process

    exchange = {
        "method": "GET",
        "path": path,
        "query": [],
        "headers": {},
        "content_type": "",
        "body": "",
        "status": 200,
        "answer": json.dumps(answer),
        "answer_type": "application/json",
    }
    return [one for one in published.contract(platform).problems(exchange) if one[0] == "answer"]


def has_contracts() -> bool:
    """Whether the contracts are on this machine."""
    return comparison.SPECS.is_dir()
