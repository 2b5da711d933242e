"""A platform's JSON as values. Nothing here raises: what can't be read is None, or left out."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


def read(payload: object, kind: type[T]) -> T | None:
    """A payload as a value; None if any part of it is not as it should be."""
    try:
        return msgspec.convert(payload, kind)
    except msgspec.ValidationError:
        return None


def read_in_part(payload: object, kind: type[T]) -> T | None:
    """A payload as a value without the fields that are not as they should be; None if too little remains."""
    if (whole := read(payload, kind)) is not None:
        return whole
    sound = {
        field.name: payload[field.name]
        for field in msgspec.structs.fields(kind)
        if isinstance(payload, dict) and field.name in payload and _is(payload[field.name], field.type)
    }
    return read(sound, kind)


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401 -- a field's type is no `type` to mypy
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
