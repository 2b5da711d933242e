"""Rules for the names of places: in `places`, in a question's `says` and in a person's handles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import nearest, shown, unknown_name

PLATFORMS = ("room", "x", "discord")
"""What a wording or a handle may always be written for, whether it is configured here or not."""


def known(places: Mapping[str, str]) -> set[str]:
    """The names of places and platforms."""
    return {*PLATFORMS, *places, *places.values()}


def _stranger(name: str, names: set[str]) -> str:
    """Words for a name nobody knows. X was called Twitter for long."""
    return (
        f"{shown(name)} is not a known place; did you mean 'x'?"
        if nearest(name, ("twitter",))
        else unknown_name(name, names, "key or place")
    )


def unconfigured(draft: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """A place that is not configured here gets nothing. Where nothing is known about places, nothing is said."""
    named = draft.values.places or []
    for index, name in enumerate(named):
        if places and name not in places:
            message = (
                f"{shown(name)} is not configured here, so nothing is posted there; configured: {', '.join(places)}."
            )
            yield draft.problem(("places", index), message, severity="warning")
    for name, count in Counter(named).items():
        if count > 1:
            last = len(named) - 1 - named[::-1].index(name)
            yield draft.problem(("places", last), f"{shown(name)} is there a second time; keep one.")


def strange_wordings(draft: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """A wording in `says` is for a place we know."""
    for index, question in enumerate(draft.values.questions or []):
        for name in question.says:
            if name not in known(places):
                yield draft.problem(("questions", index, "says", name), _stranger(name, known(places)), key=True)


def strange_people(draft: ChatSource, places: Mapping[str, str]) -> Iterator[Problem]:
    """A host or moderator has a name, and handles on places we know."""
    for group in ("hosts", "moderators"):
        for index, person in enumerate(getattr(draft.values, group) or []):
            here = (group, index)
            if person.name is None and draft.sound((*here, "name")):
                yield draft.problem(here, f"'name' is missing in {group}; say who it is.")
            for handle in person.handles:
                if handle not in known(places):
                    yield draft.problem((*here, handle), _stranger(handle, {"name", *known(places)}), key=True)
