"""The moderation rules, and the judgement they give. The lists `DROP` and `HOLD` are the policy. Pure.

The rules for details that could identify a patient are in `guard/`. A rule returns its reasons, or none.
The first rule that drops a message is the last; a held message gets every reason.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.moderation import author_names
from bot.moderation.guard import check_further, check_text
from bot.moderation.policy import KEEP, Judgement, MessageFacts, Policy, Reason

Rule = Callable[[str, MessageFacts], tuple[Reason, ...]]

_NONE: tuple[Reason, ...] = ()


def muted_person(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author is muted in this chat, or banned from all."""
    return (Reason(kind="muted"),) if facts.muted else _NONE


def command_to_the_bot(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The message is a command, not part of the conversation."""
    return (Reason(kind="command"),) if facts.command else _NONE


def repeated(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author said the same before."""
    return (Reason(kind="again"),) if facts.repeated else _NONE


def flood(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author sent more messages in the policy's window than it allows."""
    return (Reason(kind="flood"),) if facts.recent > facts.policy.most else _NONE


def too_soon(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """In slow mode: the author's last message was kept less than the set time ago."""
    soon = facts.slow is not None and facts.pause is not None and facts.pause < facts.slow
    return (Reason(kind="slow"),) if soon else _NONE


def blocked_words(text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The text has a word or link from the operator's list."""
    if facts.unblocked:
        return _NONE
    blocked = facts.policy.blocked
    spans = blocked.found(text) if blocked else ()
    return tuple(
        Reason(kind="blocked", start=span[0], end=span[1]) if span is not None else Reason(kind="blocked")
        for span in spans
    )[:_MOST]


def over_long(text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The text is longer than the operator allows."""
    return (Reason(kind="long"),) if len(text) > facts.policy.longest else _NONE


def first_message(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author is new, while first messages are held."""
    return (Reason(kind="first"),) if facts.first else _NONE


def without_name(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author asks that a moderator read it and put it to the chat without their name."""
    return (Reason(kind="unnamed"),) if facts.unnamed else _NONE


def returned(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author is new, and resembles somebody who is muted: they may have come back without their cookie."""
    return (Reason(kind="returned"),) if facts.returned else _NONE


def identifying(text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The text could identify a patient, by itself or with the author's words just before it."""
    if not facts.policy.guard:
        return _NONE
    alone = check_text(text) if facts.alone is None else facts.alone
    if not alone.reasons and not facts.before:
        return _NONE
    found = check_further(text, alone, facts.before).reasons[:_MOST]
    return tuple(Reason(kind=one.kind, start=one.start, end=one.end) for one in found) if found else _NONE


def identifying_name(_text: str, facts: MessageFacts) -> tuple[Reason, ...]:
    """The author's own name or handle could identify a patient; it would be shown beside the message."""
    if facts.policy.guard:
        for name in facts.names:
            if name and author_names.is_held(name):
                return (Reason(kind="name"),)
    return _NONE


_MOST = 20
"""Reasons that one rule gives at most: a moderator needs no more, and a hostile text may have very many."""

DROP: tuple[Rule, ...] = (muted_person, command_to_the_bot, repeated)
HOLD: tuple[Rule, ...] = (
    flood,
    too_soon,
    blocked_words,
    over_long,
    first_message,
    returned,
    without_name,
    identifying,
    identifying_name,
)
DROP_EDITED: tuple[Rule, ...] = (muted_person,)
HOLD_EDITED: tuple[Rule, ...] = (blocked_words, over_long, identifying)
"""The rules for an edited text. A muted person can't get around the mute by editing."""
_ON_WORDS: tuple[Rule, ...] = (blocked_words, over_long, identifying, identifying_name)
"""The rules for a new message of which nothing is unusual but perhaps its words, and its author's name."""

RULES = frozenset(
    {"muted", "command", "again", "flood", "slow", "blocked", "long", "first", "returned", "unnamed", "asked"}
)
"""Kinds of reasons that are not the guard's. `asked`: a moderator put the message into the queue."""


def judge(text: str, facts: MessageFacts) -> Judgement:
    """The judgement on a new message."""
    if _is_unusual(facts):
        return _judged(text, facts, DROP, HOLD)
    return _judged(text, facts, (), _ON_WORDS)


def _is_unusual(facts: MessageFacts) -> bool:
    """Whether any rule but those on words may find something."""
    return (
        facts.muted
        or facts.command
        or facts.repeated
        or facts.recent > facts.policy.most
        or facts.slow is not None
        or facts.first
        or facts.returned
        or facts.unnamed
    )


def judge_again(text: str, policy: Policy, *, muted: bool = False, before: str = "") -> Judgement:
    """The judgement on the new text of a message that was kept or held. `muted`: its author is muted by now."""
    return _judged(text, MessageFacts(policy, muted=muted, before=before), DROP_EDITED, HOLD_EDITED)


def _judged(text: str, facts: MessageFacts, drop: tuple[Rule, ...], hold: tuple[Rule, ...]) -> Judgement:
    for rule in drop:
        if reasons := rule(text, facts):
            return Judgement(verdict="drop", reasons=reasons)
    reasons = _NONE
    for rule in hold:
        if found := rule(text, facts):
            reasons += found
    return Judgement(verdict="hold", reasons=reasons) if reasons else KEEP


def guard_reasons(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The guard's reasons among these."""
    return tuple(one for one in reasons if one.kind not in RULES)
