"""A platform's JSON as values. Nothing here raises: what can't be read is None, or left out.

One odd part never discards its siblings: `read_in_part` leaves out only the part itself, at any depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

NoteOdd = Callable[[str], None]
"""Is called with the name of each part that was left out, as in `entities.urls`; never with its value."""


def read(payload: object, kind: type[T]) -> T | None:
    """A payload as a value; None if any part of it is not as it should be."""
    try:
        return msgspec.convert(payload, kind)
    except (msgspec.ValidationError, RecursionError):
        return None


def read_in_part(payload: object, kind: type[T], note: NoteOdd = lambda _name: None) -> T | None:
    """A payload as a value without the parts that are not as they should be; None if too little remains."""
    if (whole := read(payload, kind)) is not None:
        return whole
    odd: list[str] = []
    found = read(_sound(payload, kind, "", odd), kind)
    if found is None:
        odd = [kind.__name__]
    for name in odd:
        note(name)
    return found


def _sound(payload: object, kind: Any, path: str, odd: list[str]) -> Any:  # noqa: ANN401 -- JSON of any kind
    """The parts of a payload that fit a struct."""
    if not isinstance(payload, dict):
        return payload
    sound = {}
    types = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name in payload:
            for value in _kept(payload[name], types[field.name], f"{path}.{name}".lstrip("."), odd):
                sound[name] = value
    return sound


def _kept(value: object, kind: Any, path: str, odd: list[str]) -> Iterator[Any]:  # noqa: ANN401
    """The value, or what of it fits; nothing if none of it does."""
    if _is(value, kind):
        yield value
        return
    for one in _alternatives(kind):
        if isinstance(value, dict) and isinstance(one, type) and issubclass(one, msgspec.Struct):
            inside: list[str] = []
            sound = _sound(value, one, path, inside)
            if _is(sound, one):
                odd += inside
                yield sound
                return
        elif isinstance(value, list) and get_origin(one) is tuple:
            item = get_args(one)[0]
            yield [kept for member in value for kept in _kept(member, item, path, odd)]
            return
    odd.append(path)


def _alternatives(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- a field's type is no `type` to mypy
    """The types of which a value may be, without None."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in {Union, UnionType}:
        return tuple(one for one in get_args(kind) if one is not NoneType)
    return (kind,)


def _is(value: object, kind: Any) -> bool:  # noqa: ANN401
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True
