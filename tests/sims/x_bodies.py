"""Reads the bodies of requests to the pretend X: a JSON object, with no key that X does not know."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from typing import Any

from tests.sims.x_problems import invalid
from tests.sims.x_read import Call


async def body(call: Call) -> dict[str, Any]:
    try:
        told = json.loads(await call.request.read())
    except ValueError:
        told = None
    if not isinstance(told, dict) or call.request.content_type != "application/json":
        raise invalid("The body is not a JSON object.", body="")
    return told


def known(told: object, keys: AbstractSet[str], where: str) -> None:
    """Refuse keys that a body does not have."""
    if not isinstance(told, dict):
        raise invalid(f"{where}: must be an object", body=told)
    for key in set(told) - keys:
        said = f"{where}.{key}: is not defined in the schema and the schema does not allow additional properties"
        raise invalid(said, **{f"{where}.{key}": told[key]})
