"""Which display names read like the people who run a chat, or like the bot, and are therefore refused. Pure.

Names are compared as readers see them: without accents, case and signs, look-alike letters as one. Somebody's own name
may be refused for a host's that differs in one letter; they are asked for another one. Badges are not a part of names,
so a name can't have their signs or their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from adapters.room.look_alikes import skeleton

_BADGES = re.compile("[✓✔✅☑🗸🛡👑★⭐🌟🔰®©™🅰🆗🏅🎖💼\U0001f396\U0001f6e1]|\\[.*\\]")
"""Signs that read as a badge."""

_ROLES = ("host", "hosts", "cohost", "moderator", "moderators", "mods", "admin", "admins", "administrator", "convenor")
_ROLES_ELSEWHERE = ("convener", "moderation", "anfitrion", "moderateur", "moderatrice", "moderatorin")
_LONG = 8
"""Letters from which a word is known with a typo in it, or inside another word."""

_OFFICES = (
    *("team", "staff", "official", "bot", "support", "mod", "organiser", "organizer", "organisers", "organizers"),
    *("operator", "owner", "help", "helpdesk", "service", "system", "facilitator", "chair", "crew", "verified"),
)
"""Words that many people's names have; a name of nothing else reads like an office."""
_AROUND = ("the", "chat", "room", "this", "your", "our", "of", "for", "and", "a", "here")

_ROLE_WORDS = frozenset(map(skeleton, (*_ROLES, *_ROLES_ELSEWHERE)))
_OFFICE_WORDS = frozenset(map(skeleton, _OFFICES))
_AROUND_WORDS = frozenset(map(skeleton, _AROUND))

_NAMED_FROM = 4
"""Letters from which a word of the chat's own is known."""
_TYPO_FROM = 5
"""Letters from which a word of a person's name is known with a letter wrong."""


def has_badge(name: str) -> bool:
    """Whether a name has a sign that reads as a badge."""
    return _BADGES.search(name) is not None


def reads_like_staff(name: str, reserved: Iterable[str], about: str = "") -> bool:
    """Whether a name reads like the bot, a role, an office, or one of the `reserved` names.

    `about` are words of the chat, such as its hashtag: "OTalk Team" is an office, too.
    """
    words, whole = _words(name), skeleton(name)
    if whole in {*map(skeleton, reserved)} - {""} or whole in _ROLE_WORDS | _OFFICE_WORDS:
        return True
    if any(map(_is_role, (*words, whole))):
        return True
    if _is_office(words, {*_words(about), *map(skeleton, about.split())}):
        return True
    return any(_is_person(words, _words(one)) for one in reserved)


def _is_role(word: str) -> bool:
    if word in _ROLE_WORDS:
        return True
    long = [one for one in _ROLE_WORDS if len(one) >= _LONG]
    return any(one in word or (len(word) >= _LONG - 1 and Levenshtein.distance(word, one) <= 1) for one in long)


def _is_office(words: Sequence[str], about: set[str]) -> bool:
    known = {one for one in about if len(one) >= _NAMED_FROM}
    rest = [one for one in words if one not in _AROUND_WORDS | known and not one.isdigit()]
    return all(one in _OFFICE_WORDS for one in rest) and bool(rest or known.intersection(words))


def _is_person(words: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether all words of a person's name are among these; a single one only where there is nothing else."""
    if len(theirs) < 2:  # noqa: PLR2004 -- many people are called Kate
        return len([one for one in words if not one.isdigit()]) == 1 and bool(theirs) and _is_like(words[0], theirs[0])
    return all(any(_is_like(word, one) for word in words) for one in theirs)


def _is_like(word: str, other: str) -> bool:
    return word == other or (max(len(word), len(other)) >= _TYPO_FROM and Levenshtein.distance(word, other) <= 1)


def _words(name: str) -> list[str]:
    """The words of a name, as readers see them; letters that stand alone are one word."""
    spread = re.sub(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])", " ", name)
    joined = re.sub(r"\b(\w)[\W_]+(?=\w\b)", r"\1", spread)
    return [found for one in re.split(r"[\W_]+", joined) if (found := skeleton(one))]
