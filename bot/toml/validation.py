"""From what pydantic found to what a person reads: where it stands, what it is, what to do.

Every mistake at once. A value that might be a secret is never repeated. The words for a rule of ours come from the
rule; the table here is for the types that pydantic checks by itself.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.errors import Problem
from bot.toml.positions import Steps

Words = Callable[[ErrorDetails], str]

LONGEST = 40
"""Characters of a person's value that are repeated to them."""


_REMEDIES: dict[str, Words] = {
    "missing": lambda _: "it is missing",
    "string_type": lambda _: 'it must be text in quotes, like "this"',
    "string_too_short": lambda _: "write something, or leave the key out",
    "string_too_long": lambda error: f"make it at most {error['ctx']['max_length']} characters long",
    "literal_error": lambda error: f"it must be {error['ctx']['expected'].replace(chr(39), chr(34))}",
    "union_tag_invalid": lambda error: f"known: {error['ctx']['expected_tags']}",
    "list_type": lambda _: "it must be a list, in square brackets",
    "tuple_type": lambda _: "it must be a list, in square brackets",
    "dict_type": lambda _: "it must be a table of keys and values",
    "model_type": lambda _: "it must be a table of keys and values",
    "model_attributes_type": lambda _: "it must be a table of keys and values",
    "bool_type": lambda _: "it must be true or false, without quotes",
    "bool_parsing": lambda _: "it must be true or false",
    "too_short": lambda _: "name at least one, or leave the key out",
    "too_long": lambda error: f"at most {error['ctx']['max_length']} are allowed",
    "greater_than_equal": lambda error: f"it must be {error['ctx']['ge']} or more",
    "less_than_equal": lambda error: f"it must be {error['ctx']['le']} or less",
    "int_type": lambda _: "it must be a whole number, without quotes",
    "int_parsing": lambda _: "it must be a whole number",
    "int_from_float": lambda _: "it must be a whole number",
    "int_parsing_size": lambda _: "it must be a smaller number",
    "path_type": lambda _: "it must be the name of a file or folder, in quotes",
}

_STRANGE: Words = lambda _: "that does not belong here"  # noqa: E731 - it stands in for an entry of the table

_OURS = {"duration", "ours"}
"""Types of errors whose message we wrote ourselves."""


@dataclass(frozen=True)
class Mistake:
    """One mistake: the path to it, plain words, and whether its key is meant or missing."""

    path: Steps
    message: str
    key: bool = False
    missing: bool = False


def ours(remedy: str) -> PydanticCustomError:
    """A mistake in our own words, to be raised by a rule about one value."""
    return PydanticCustomError("ours", "{remedy}", {"remedy": remedy})


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of the text."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.column)))


def mistakes(
    error: ValidationError, model: type[BaseModel], data: Mapping[str, Any], *, hidden: Collection[str] = ()
) -> list[Mistake]:
    """Every mistake in `data`, which was read as `model`. Values under a key in `hidden` are not repeated."""
    return [_mistake(one, model, data, hidden) for one in error.errors(include_url=False)]


def _mistake(error: ErrorDetails, model: type[BaseModel], data: Mapping[str, Any], hidden: Collection[str]) -> Mistake:
    path = _path(error, data)
    kind, name = error["type"], _name(path)
    if kind == "extra_forbidden":
        return Mistake(path, unknown(str(path[-1]), _known(model, path[:-1], data)), key=True)
    if kind == "missing":
        return Mistake(path, f"'{name}' is missing.", missing=True)
    words = _REMEDIES.get(kind, _STRANGE)
    remedy = error["msg"] if kind in _OURS else words(error)
    said = "not as it should be" if name in hidden else shown(error["input"])
    return Mistake(path, f"'{name}' is {said}; {remedy}.")


def unknown(name: str, known: Iterable[str], what: str = "key") -> str:
    """Words for a name nobody knows, with the nearest one that is known."""
    names = sorted(known)
    label = shown(name)
    meant = nearest(name, names)
    if meant:
        return f"{label} is not a known {what}; did you mean '{meant}'?"
    return f"{label} is not a known {what}; known: {', '.join(names)}." if names else f"{label} is not a known {what}."


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, if any is like it. Capitals do not matter."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(name[:LONGEST].casefold(), folded, 1)
    return folded[found[0]] if found else None


def shown(value: object) -> str:
    """A value as its writer would recognise it, short and without control characters."""
    if isinstance(value, str):
        return f"'{_short(value)}'" if value.strip() else "empty"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**LONGEST else "a huge number"
    if value in ([], {}):
        return "empty"
    kinds: dict[type, str] = {list: "a list", dict: "a table", float: str(value)}
    return kinds.get(type(value), "not that")


def _short(text: str) -> str:
    clean = "".join(c if c.isprintable() else "·" for c in text[: LONGEST + 1])
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def _path(error: ErrorDetails, data: object) -> Steps:
    """The way through the data. pydantic also names the branch of a union, which is not in the data."""
    steps: list[str | int] = []
    here: Any = data
    for place, step in enumerate(error["loc"], 1):
        if _has(here, step):
            here = here[step]
        elif error["type"] not in ("missing", "extra_forbidden") or place < len(error["loc"]):
            continue
        steps.append(step)
    return tuple(steps)


def _has(here: object, step: str | int) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)


def _name(path: Steps) -> str:
    """What to call the value at a path: its key, with a number where it stands in a list."""
    if not path:
        return "this"
    if isinstance(path[-1], str):
        return path[-1]
    keys = [step for step in path if isinstance(step, str)]
    return f"{keys[-1] if keys else 'this'} {path[-1] + 1}"


def _known(model: type[BaseModel], path: Steps, data: object) -> list[str]:
    """The keys that a table at this path may have."""
    here: Any = data
    for step in path:
        here = here[step] if _has(here, step) else None
        if isinstance(step, str) and step in model.model_fields:
            annotation = model.model_fields[step].annotation
        model = _meant(_models(annotation), here) or model
    return list(model.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - a type can be anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for inner in getattr(annotation, "__args__", ()) for one in _models(inner)]


def _meant(models: list[type[BaseModel]], data: object) -> type[BaseModel] | None:
    """Of several tables the one whose fixed values, like `platform`, are those of the data."""
    for model in models:
        fixed = {name: get_args(field.annotation) for name, field in model.model_fields.items() if field.is_required()}
        if isinstance(data, Mapping) and all(data.get(name) in allowed for name, allowed in fixed.items() if allowed):
            return model
    return models[0] if models else None
