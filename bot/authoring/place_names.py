"""The rules for names of places: in `places`, in a question's `says`, and in a person's handles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import misplaced, nearest, shown, unknown_name

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


def _unknown_place(name: str, names: set[str]) -> str:
    """The message for an unknown place. `twitter` is taken for X."""
    return (
        f"{shown(name)} is not a known place; did you mean 'x'?"
        if nearest(name, ("twitter",))
        else unknown_name(name, names, "key or place")
    )


def unconfigured_places(source: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """Warnings for places that are not configured (none if `places` is empty), and errors for duplicates."""
    named = source.values.places or []
    for index, name in enumerate(named):
        if places and name not in places:
            message = (
                f"{shown(name)} is not configured here, so nothing is posted there; configured: {', '.join(places)}."
            )
            yield source.problem(("places", index), message, severity="warning")
    for name, count in Counter(named).items():
        if count > 1:
            last = len(named) - 1 - named[::-1].index(name)
            yield source.problem(("places", last), f"{shown(name)} is there a second time; keep one.")


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
                yield source.problem(here, f"'name' is missing in {group}; say who it is.")
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
                    message = f"'{place}' is {shown(handle)}, which is not one handle; {_remedy(handle, group)}."
                    yield source.problem((*here, place), message, severity="warning")


def _remedy(handle: str, group: str) -> str:
    several = len(re.findall(r"[^\s,;/&|]+", handle.replace(" and ", " "))) > 1
    if several and "://" not in handle:
        return f"give each person a [[{group}]] of their own"
    return 'write the handle alone, like "@pretend_a", or the id'
