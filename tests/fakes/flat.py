"""Values that are made of groups, from the fields of all their groups at once: shorter to write in a test."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


def flat(kind: type[T], **fields: Any) -> T:  # noqa: ANN401 -- fields of the value and its groups
    """A value of a kind, from its own fields and those of its groups."""
    groups = {
        field.name: field.type
        for field in msgspec.structs.fields(kind)
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct) and field.name not in fields
    }
    made = {
        name: group(**{field: fields.pop(field) for field in group.__struct_fields__ if field in fields})
        for name, group in groups.items()
    }
    return kind(**made, **fields)
