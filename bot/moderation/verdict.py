"""What the rules say of a message: keep, hold or drop, and why. Frozen values."""

from __future__ import annotations

from bot.messages import Value, Verdict


class Reason(Value, frozen=True, kw_only=True):
    """One reason. `kind` is the name of a rule, or what the guard saw.

    Where it is about a part of the text that is `text[start:end]`, in characters.
    """

    kind: str
    start: int | None = None
    end: int | None = None


class Judgement(Value, frozen=True, kw_only=True):
    """The verdict on a message, with every reason for it. It is `keep` exactly when there are none."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


KEEP = Judgement(verdict="keep")
