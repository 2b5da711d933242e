"""The reasons in plain words, for a moderator: never the words of a message, and nothing about its author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

_GUARD = {
    "nhs_number": "an NHS number",
    "chi_number": "a CHI number",
    "hsc_number": "a Health and Care Number",
    "ihi": "an Irish health identifier",
    "ppsn": "a PPS number",
    "ssn": "a US social security number",
    "mbi": "a US Medicare number",
    "national_insurance": "a National Insurance number",
    "upn": "a pupil number",
    "hospital_number": "a hospital number",
    "phone": "a phone number",
    "email": "an e-mail address",
    "postcode": "a postcode",
    "address": "an address",
    "date_of_birth": "a date of birth",
    "described_person": "a person somebody could recognise",
    "named_patient": "a patient's name",
}

_RULES = {
    "muted": "its author is muted",
    "command": "it is a command",
    "again": "the same was said before",
    "flood": "many messages in a short time",
    "slow": "sooner than slow mode allows",
    "blocked": "a word or link from the list of blocked ones",
    "long": "very long",
    "first": "the first message of somebody new",
    "asked": "put here by a moderator",
    "name": "its author's own name looks as if it could tell who a patient is",
}


class Reasoned(Protocol):
    """A reason: what kind it is of, and which characters of the text it is about, if it is about any."""

    @property
    def kind(self) -> str:
        """The name of a rule, or what the guard saw."""

    @property
    def start(self) -> int | None:
        """The first character, counted from 0."""

    @property
    def end(self) -> int | None:
        """The character after the last."""


def plain(reason: Reasoned) -> str:
    """One reason: `characters 12 to 24 look like a phone number`. People count from 1."""
    seen = _GUARD.get(reason.kind)
    if seen is None:
        return _RULES.get(reason.kind, "a reason we have no words for")
    if reason.start is None or reason.end is None:
        return f"something looks like {seen}"
    return f"characters {reason.start + 1} to {reason.end} look like {seen}"


def each(reasons: Iterable[Reasoned]) -> tuple[str, ...]:
    """All of them, none twice."""
    return tuple(dict.fromkeys(map(plain, reasons)))


def told(reasons: Iterable[Reasoned], most: int = 3) -> str:
    """The first few in one line; empty where there are none."""
    said = each(reasons)
    more = [f"{len(said) - most} more"] if len(said) > most else []
    return "; ".join([*said[:most], *more])
