"""The wording of reasons, for moderators. It never quotes a message, and says nothing about its author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

_GUARD = {
    "nhs_number": "an NHS number",
    "chi_number": "a CHI number",
    "hsc_number": "a Health and Care Number",
    "ihi": "a health identifier of Ireland or Australia",
    "ppsn": "a PPS number",
    "ssn": "a US social security number",
    "mbi": "a US Medicare number",
    "medicare": "an Australian Medicare number",
    "nhi": "a New Zealand NHI number",
    "health_card": "a Canadian health number",
    "social_number": "a social insurance or tax number",
    "national_insurance": "a National Insurance number",
    "upn": "a pupil number",
    "hospital_number": "a hospital number",
    "case_number": "a number of somebody's case, card or claim",
    "phone": "a phone number",
    "email": "an e-mail address",
    "link": "a link or file that tells who a patient is",
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
    "returned": "somebody new, on the network of somebody muted or with a name like theirs",
    "unnamed": "sent to be asked without a name",
    "asked": "put here by a moderator",
    "name": "its author's own name looks as if it could tell who a patient is",
}


class AnyReason(Protocol):
    """A reason, as the rules give it or as it is stored."""

    @property
    def kind(self) -> str:
        """The name of a rule, or the kind of a sign that the guard found."""

    @property
    def start(self) -> int | None:
        """The first character it is about, counted from 0, if it is about any."""

    @property
    def end(self) -> int | None:
        """The character after the last it is about."""


def text(reason: AnyReason) -> str:
    """The text for one reason: `a part of it looks like a phone number`. It doesn't say which part."""
    seen = _GUARD.get(reason.kind)
    if seen is None:
        return _RULES.get(reason.kind, "a reason we have no words for")
    if reason.start is None or reason.end is None:
        return f"something looks like {seen}"
    return f"a part of it looks like {seen}"


def sign(reason: AnyReason) -> str:
    """What the part of the text looks like that a reason is about: `a phone number`."""
    return _GUARD.get(reason.kind) or text(reason)


def about_patients(reasons: Iterable[AnyReason]) -> tuple[AnyReason, ...]:
    """The reasons for which the text, or the name beside it, may tell who a patient is."""
    return tuple(one for one in reasons if one.kind == "name" or one.kind not in _RULES)


def texts(reasons: Iterable[AnyReason]) -> tuple[str, ...]:
    """The texts for several reasons, none twice."""
    return tuple(dict.fromkeys(map(text, reasons)))


def summary(reasons: Iterable[AnyReason], most: int = 3) -> str:
    """The first few texts in one line; empty if there are none."""
    said = texts(reasons)
    more = [f"{len(said) - most} more"] if len(said) > most else []
    return "; ".join([*said[:most], *more])
