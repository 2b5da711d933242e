"""pydantic's errors as mistakes that a person can read, in their language: the path, the value, and the remedy.

All mistakes are found at once. A value that might be a secret is never repeated. Our own validators have their own
messages; the table here is for the types that pydantic itself checks.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from pydantic import BaseModel, HttpUrl, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.errors import Problem
from bot.toml.positions import KeyPath
from bot.translation import LazyText, _, lazy

_URL = TypeAdapter(HttpUrl)

Remedy = Callable[[ErrorDetails], LazyText]

MAX_SHOWN = 40
"""Characters of a value that a message repeats."""

_REMEDIES: dict[str, Remedy] = {
    "missing": lambda _: lazy("it is missing"),
    "string_type": lambda _: lazy('it must be text in quotes, like "this"'),
    "string_too_short": lambda _: lazy("write something, or leave the key out"),
    "string_too_long": lambda error: lazy("make it at most {most} characters long", most=error["ctx"]["max_length"]),
    "literal_error": lambda error: lazy("it must be {choices}", choices=partial(_choices, error["ctx"]["expected"])),
    "union_tag_invalid": lambda error: lazy("known: {names}", names=error["ctx"]["expected_tags"]),
    "list_type": lambda _: lazy("it must be a list, in square brackets"),
    "tuple_type": lambda _: lazy("it must be a list, in square brackets"),
    "dict_type": lambda _: lazy("it must be a table of keys and values"),
    "model_type": lambda _: lazy("it must be a table of keys and values"),
    "model_attributes_type": lambda _: lazy("it must be a table of keys and values"),
    "bool_type": lambda _: lazy("it must be true or false, without quotes"),
    "bool_parsing": lambda _: lazy("it must be true or false"),
    "too_short": lambda _: lazy("name at least one, or leave the key out"),
    "too_long": lambda error: lazy("at most {most} are allowed", most=error["ctx"]["max_length"]),
    "greater_than_equal": lambda error: lazy("it must be {least} or more", least=str(error["ctx"]["ge"])),
    "less_than_equal": lambda error: lazy("it must be {most} or less", most=str(error["ctx"]["le"])),
    "int_type": lambda _: lazy("it must be a whole number, without quotes"),
    "int_parsing": lambda _: lazy("it must be a whole number"),
    "int_from_float": lambda _: lazy("it must be a whole number"),
    "int_parsing_size": lambda _: lazy("it must be a smaller number"),
    "path_type": lambda _: lazy("it must be the name of a file or folder, in quotes"),
}

_UNEXPECTED: Remedy = lambda _: lazy("that does not belong here")  # noqa: E731 - like an entry of the table

_KEY = lazy("key")

_CUSTOM = "custom"
"""The type of errors whose message is our own."""


@dataclass(frozen=True)
class Mistake:
    """A mistake in the value at `path`; in its `key`, where that is set; or a key that is `missing`."""

    path: KeyPath
    message: str
    key: bool = False
    missing: bool = False


def custom_error(remedy: str) -> PydanticCustomError:
    """An error with our own message, for a validator to raise."""
    return PydanticCustomError("custom", "{remedy}", {"remedy": remedy})


def web_address(value: str) -> str:
    """Validate a whole http or https address, without asking the network. Raises PydanticCustomError."""
    value = value.strip()
    try:
        _URL.validate_python(value)
    except ValidationError:
        value = ""
    if not re.fullmatch(r"https?://[^\s/]+\S*", value, re.IGNORECASE):
        raise custom_error(lazy("write the whole address of the page, beginning with https://"))
    return value


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of the text."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.column)))


def find_mistakes(
    error: ValidationError, model: type[BaseModel], data: Mapping[str, Any], *, hidden: Collection[str] = ()
) -> list[Mistake]:
    """Every mistake in `data`, which was read as `model`. The values of keys in `hidden` are not repeated."""
    return [_mistake(one, model, data, hidden) for one in error.errors(include_url=False)]


def _mistake(error: ErrorDetails, model: type[BaseModel], data: Mapping[str, Any], hidden: Collection[str]) -> Mistake:
    path = _path(error, data)
    type_, name = error["type"], _name(path)
    if len(path) > 1 and path[-1] in model.model_fields and path[-1] not in _known_keys(model, path[:-1], data):
        return Mistake(path, misplaced(path), key=True)
    if type_ == "extra_forbidden":
        return Mistake(path, unknown_name(str(path[-1]), _known_keys(model, path[:-1], data)), key=True)
    if type_ == "missing":
        return Mistake(path, lazy("'{name}' is missing.", name=name), missing=True)
    remedy_of = _REMEDIES.get(type_, _UNEXPECTED)
    remedy = error["ctx"]["remedy"] if type_ == _CUSTOM else remedy_of(error)
    value = lazy("not as it should be") if name in hidden else shown(error["input"])
    return Mistake(path, lazy("'{name}' is {value}; {remedy}.", name=name, value=value, remedy=remedy))


def _choices(named: str) -> str:
    """The allowed values from pydantic's list, in double quotes."""
    return named.replace("'", '"').replace(" or ", _(" or "))


def misplaced(path: KeyPath) -> LazyText:
    """The message for a key of the whole file that stands below a table's header, and so belongs to the table."""
    first = lazy("the first {table}", table=f"[[{path[0]}]]") if isinstance(path[1], int) else f"[{path[0]}]"
    return lazy("'{key}' belongs to the whole file; move it up, above {first}.", key=path[-1], first=first)


def unknown_name(name: str, known: Iterable[str], what: LazyText = _KEY) -> LazyText:
    """The message for an unknown name, with the most similar known one."""
    names = sorted(known)
    label = shown(name)
    meant = nearest(name, names)
    if meant:
        return lazy("{name} is not a known {what}; did you mean '{meant}'?", name=label, what=what, meant=meant)
    if not names:
        return lazy("{name} is not a known {what}.", name=label, what=what)
    return lazy("{name} is not a known {what}; known: {names}.", name=label, what=what, names=", ".join(names))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The most similar of the known names, if one is similar enough. Case does not matter."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(name[:MAX_SHOWN].casefold(), folded, 1)
    return folded[found[0]] if found else None


def shown(value: object) -> str:
    """A value as its author would recognise it: short and without control characters."""
    if isinstance(value, str):
        return f"'{_short(value)}'" if value.strip() else lazy("empty")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**MAX_SHOWN else lazy("a huge number")
    if value in ([], {}):
        return lazy("empty")
    kinds: dict[type, str] = {list: lazy("a list"), dict: lazy("a table"), float: str(value)}
    return kinds.get(type(value), lazy("not that"))


def _short(text: str) -> str:
    clean = "".join(c if c.isprintable() else "·" for c in text[: MAX_SHOWN + 1])
    return clean if len(clean) <= MAX_SHOWN else f"{clean[: MAX_SHOWN - 1]}…"


def _path(error: ErrorDetails, data: object) -> KeyPath:
    """The path through the data, without the branches of unions that pydantic adds to it."""
    steps: list[str | int] = []
    here: Any = data
    for place, step in enumerate(error["loc"], 1):
        if _contains(here, step):
            here = here[step]
        elif error["type"] not in ("missing", "extra_forbidden") or place < len(error["loc"]):
            continue
        steps.append(step)
    return tuple(steps)


def _contains(here: object, step: str | int) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)


def _name(path: KeyPath) -> str:
    """The name of the value at a path: its key, with a number if it is in a list."""
    if not path:
        return lazy("this")
    if isinstance(path[-1], str):
        return path[-1]
    keys = [step for step in path if isinstance(step, str)]
    return (keys[-1] if keys else lazy("this")) + f" {path[-1] + 1}"


def _known_keys(model: type[BaseModel], path: KeyPath, data: object) -> list[str]:
    """The keys that the table at this path may have."""
    here: Any = data
    for step in path:
        here = here[step] if _contains(here, step) else None
        if isinstance(step, str) and step in model.model_fields:
            annotation = model.model_fields[step].annotation
        model = _matching_model(_models(annotation), here) or model
    return list(model.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - a type can be anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for inner in getattr(annotation, "__args__", ()) for one in _models(inner)]


def _matching_model(models: list[type[BaseModel]], data: object) -> type[BaseModel] | None:
    """Of several models the one whose literal fields, like `platform`, have the values of the data."""
    for model in models:
        literals = {
            name: get_args(field.annotation) for name, field in model.model_fields.items() if field.is_required()
        }
        if isinstance(data, Mapping) and all(
            data.get(name) in allowed for name, allowed in literals.items() if allowed
        ):
            return model
    return models[0] if models else None
