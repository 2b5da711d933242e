"""The rules, and the verdict. The two lists are the policy; nothing else decides. Pure.

A rule gives its reasons, or none. What is dropped needs no further look; of what is held, every reason is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import chain

from bot.moderation.facts import MessageFacts
from bot.moderation.guard import verdict
from bot.moderation.policy import Policy
from bot.moderation.verdict import KEEP, Judgement, Reason

Rule = Callable[[str, MessageFacts], tuple[Reason, ...]]

_NONE: tuple[Reason, ...] = ()


def muted_person(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """Somebody who was muted in this chat, or banned from all."""
    return (Reason(kind="muted"),) if scene.muted else _NONE


def command_to_the_bot(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """It is meant for the bot, and no part of the talk."""
    return (Reason(kind="command"),) if scene.command else _NONE


def same_again(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """The same person said the same before."""
    return (Reason(kind="again"),) if scene.again else _NONE


def flood(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """More messages in a short time than anybody can mean."""
    return (Reason(kind="flood"),) if scene.lately > scene.policy.most else _NONE


def too_soon(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """In slow mode: less than the time since the last one."""
    soon = scene.slow is not None and scene.pause is not None and scene.pause < scene.slow
    return (Reason(kind="slow"),) if soon else _NONE


def blocked_words(text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """Something from the operator's list."""
    blocked = scene.policy.blocked
    spans = blocked.found(text) if blocked else ()
    return tuple(
        Reason(kind="blocked", start=span[0], end=span[1]) if span is not None else Reason(kind="blocked")
        for span in spans
    )[:_MOST]


def over_long(text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """Longer than the operator allows."""
    return (Reason(kind="long"),) if len(text) > scene.policy.longest else _NONE


def first_message(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """Of somebody new, while first messages are looked at."""
    return (Reason(kind="first"),) if scene.newcomer else _NONE


def identifying(text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """It could tell who a patient is."""
    if not scene.policy.guard:
        return _NONE
    return tuple(Reason(kind=one.kind, start=one.start, end=one.end) for one in verdict(text).reasons[:_MOST])


def identifying_name(_text: str, scene: MessageFacts) -> tuple[Reason, ...]:
    """What its author calls themselves could tell who a patient is: it would stand beside the message."""
    return (Reason(kind="name"),) if scene.policy.guard and any(map(_telling, scene.names)) else _NONE


def _telling(name: str) -> bool:
    return _SIGN.search(name) is not None and _looked_at(name[:_LONGEST_NAME])


@lru_cache(maxsize=4096)
def _looked_at(name: str) -> bool:
    """People speak more than once: a name is looked at once, as long as it is remembered."""
    return verdict(name).verdict == "hold"


_SIGN = re.compile(r"[\d@\uff20]")
"""A name without any of these tells nothing that the guard could be sure of."""

_LONGEST_NAME = 200

_MOST = 20
"""Reasons of one rule that are told: a moderator needs no more, and a hostile text may have very many."""

DROP: tuple[Rule, ...] = (muted_person, command_to_the_bot, same_again)
HOLD: tuple[Rule, ...] = (flood, too_soon, blocked_words, over_long, first_message, identifying, identifying_name)
STILL: tuple[Rule, ...] = (muted_person,)
WORDS: tuple[Rule, ...] = (blocked_words, over_long, identifying)
"""Those of them that are asked again when a text was changed: who is not heard is not heard that way either."""

RULES = frozenset({"muted", "command", "again", "flood", "slow", "blocked", "long", "first", "asked"})
"""Kinds of reasons that are not the guard's. `asked`: a moderator put it into the queue."""


def judge(text: str, scene: MessageFacts) -> Judgement:
    """The verdict on a new message."""
    return _judged(text, scene, DROP, HOLD)


def judge_again(text: str, policy: Policy, *, muted: bool = False) -> Judgement:
    """The verdict on the new text of a message that was kept, or that waits. `muted` is its author by now."""
    return _judged(text, MessageFacts(policy, muted=muted), STILL, WORDS)


def _judged(text: str, scene: MessageFacts, drop: tuple[Rule, ...], hold: tuple[Rule, ...]) -> Judgement:
    for rule in drop:
        if reasons := rule(text, scene):
            return Judgement(verdict="drop", reasons=reasons)
    reasons = tuple(chain.from_iterable(rule(text, scene) for rule in hold))
    return Judgement(verdict="hold", reasons=reasons) if reasons else KEEP


def seen_by_guard(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons that are the guard's."""
    return tuple(one for one in reasons if one.kind not in RULES)
