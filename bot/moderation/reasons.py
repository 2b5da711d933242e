"""The wording of reasons, for moderators. It never quotes a message, and says nothing about its author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.translation import _, pending

_GUARD = {
    "nhs_number": pending("an NHS number"),
    "chi_number": pending("a CHI number"),
    "hsc_number": pending("a Health and Care Number"),
    "ihi": pending("a health identifier of Ireland or Australia"),
    "ppsn": pending("a PPS number"),
    "ssn": pending("a US social security number"),
    "mbi": pending("a US Medicare number"),
    "medicare": pending("an Australian Medicare number"),
    "nhi": pending("a New Zealand NHI number"),
    "health_card": pending("a Canadian health number"),
    "social_number": pending("a social insurance or tax number"),
    "national_insurance": pending("a National Insurance number"),
    "upn": pending("a pupil number"),
    "hospital_number": pending("a hospital number"),
    "case_number": pending("a number of somebody's case, card or claim"),
    "phone": pending("a phone number"),
    "email": pending("an e-mail address"),
    "link": pending("a link or file that tells who a patient is"),
    "postcode": pending("a postcode"),
    "address": pending("an address"),
    "date_of_birth": pending("a date of birth"),
    "described_person": pending("a person somebody could recognise"),
    "named_patient": pending("a patient's name"),
}

_RULES = {
    "muted": pending("its author is muted"),
    "command": pending("it is a command"),
    "again": pending("the same was said before"),
    "flood": pending("many messages in a short time"),
    "slow": pending("sooner than slow mode allows"),
    "blocked": pending("a word or link from the list of blocked ones"),
    "long": pending("very long"),
    "first": pending("the first message of somebody new"),
    "returned": pending("somebody new, on the network of somebody muted or with a name like theirs"),
    "unnamed": pending("sent to be asked without a name"),
    "asked": pending("put here by a moderator"),
    "name": pending("its author's own name looks as if it could tell who a patient is"),
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
        return _(_RULES.get(reason.kind) or pending("a reason we have no words for"))
    if reason.start is None or reason.end is None:
        return _("something looks like {what}").format(what=_(seen))
    return _("a part of it looks like {what}").format(what=_(seen))


def sign(reason: AnyReason) -> str:
    """The likely meaning of the part of a text that a reason is about: `a phone number`."""
    return _(_GUARD[reason.kind]) if reason.kind in _GUARD else text(reason)


def about_patients(reasons: Iterable[AnyReason]) -> tuple[AnyReason, ...]:
    """The reasons for which the text, or the name beside it, may tell who a patient is."""
    return tuple(one for one in reasons if one.kind == "name" or one.kind not in _RULES)


def texts(reasons: Iterable[AnyReason]) -> tuple[str, ...]:
    """The texts for several reasons, none twice."""
    return tuple(dict.fromkeys(map(text, reasons)))


def summary(reasons: Iterable[AnyReason], most: int = 3) -> str:
    """The first few texts in one line; empty if there are none."""
    said = texts(reasons)
    more = [_("{count} more").format(count=len(said) - most)] if len(said) > most else []
    return "; ".join([*said[:most], *more])
