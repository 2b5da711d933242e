"""The rules for names of places: in `places`, in a question's `says`, and in a person's handles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import misplaced, nearest, shown, unknown_name
from bot.translation import LazyText, lazy

PLATFORMS = ("room", "x", "discord")
"""The platforms for which a text or a handle may always be given, configured or not."""

_HANDLE = re.compile(r"@?[^\s,;/|&@]+")
_HANDLES = {
    "x": re.compile(r"@?[A-Za-z0-9_]{1,20}"),
    "discord": re.compile(r"\d{15,20}|@?[\w.]{2,32}(?:#\d{4})?"),
}
"""A handle or id, by platform; `_HANDLE` for the others."""


def known_names(places: Mapping[str, str]) -> set[str]:
    """The names of all places and platforms."""
    return {*PLATFORMS, *places, *places.values()}


def _unknown_place(name: str, names: set[str]) -> LazyText:
    """The message for an unknown place. `twitter` is taken for X."""
    if nearest(name, ("twitter",)):
        return lazy("{name} is not a known place; did you mean 'x'?", name=shown(name))
    return unknown_name(name, names, lazy("key or place"))


def unconfigured_places(source: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """Warnings for places that are not configured (none if `places` is empty), and errors for duplicates."""
    named = source.values.places or []
    for index, name in enumerate(named):
        if places and name not in places:
            message = lazy(
                "{name} is not configured here, so nothing is posted there; configured: {names}.",
                name=shown(name),
                names=", ".join(places),
            )
            yield source.problem(("places", index), message, severity="warning")
    for name, count in Counter(named).items():
        if count > 1:
            last = len(named) - 1 - named[::-1].index(name)
            message = lazy("{name} is there a second time; keep one.", name=shown(name))
            yield source.problem(("places", last), message)


def unknown_places_in_says(source: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """Errors for unknown places in `says`."""
    for index, question in enumerate(source.values.questions or []):
        for name in question.says:
            if name not in known_names(places):
                yield source.problem(
                    ("questions", index, "says", name), _unknown_place(name, known_names(places)), key=True
                )


def people_problems(source: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """Errors for people without a name or with a handle on an unknown place; warnings for what is not one handle."""
    for group in ("hosts", "moderators"):
        for index, person in enumerate(getattr(source.values, group) or []):
            here = (group, index)
            if person.name is None and source.valid((*here, "name")):
                yield source.problem(here, lazy("'name' is missing in {group}; say who it is.", group=group))
            for place, handle in person.handles.items():
                if place not in known_names(places):
                    misplaced_key = place in type(source.values).model_fields
                    message = (
                        misplaced((*here, place))
                        if misplaced_key
                        else _unknown_place(place, {"name", *known_names(places)})
                    )
                    yield source.problem((*here, place), message, key=True)
                elif not _HANDLES.get(places.get(place, place), _HANDLE).fullmatch(handle):
                    message = lazy(
                        "'{place}' is {handle}, which is not one handle; {remedy}.",
                        place=place,
                        handle=shown(handle),
                        remedy=_remedy(handle, group),
                    )
                    yield source.problem((*here, place), message, severity="warning")


def _remedy(handle: str, group: str) -> LazyText:
    several = len(re.findall(r"[^\s,;/&|]+", handle.replace(" and ", " "))) > 1
    if several and "://" not in handle:
        return lazy("give each person a {table} of their own", table=f"[[{group}]]")
    return lazy('write the handle alone, like "@pretend_a", or the id')
