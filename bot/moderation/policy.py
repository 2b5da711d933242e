"""The moderation policy, the facts about a message that its rules use, and their judgement. Frozen values.

The policy comes from the operator's settings. Nothing here decides.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import limits
import msgspec

from bot.messages import Value, Verdict
from bot.moderation.word_list import NOTHING, WordList, load

if TYPE_CHECKING:  # the guard takes a third of the time of a short verb
    from bot.moderation.guard import GuardVerdict


class Policy(Value, frozen=True, kw_only=True):
    """The operator's limits: `most` messages a person in `window` seconds, `longest` characters a text.

    `guard` holds messages that could identify a patient; `remind` then reminds everybody, once a chat.
    """

    guard: bool = True
    blocked: WordList = NOTHING
    longest: int = 4000
    most: int = 8
    window: int = 60
    remind: bool = False


def policy(
    *, guard: bool = True, blocked: str | Path = "", longest: int = 4000, flood: str = "8/minute", remind: bool = False
) -> Policy:
    """Build the policy from the settings in `[moderation]`. `blocked` is a file or empty.

    Raises SetupError if the file has mistakes.
    """
    rate = limits.parse(flood)
    return Policy(
        guard=guard,
        blocked=load(Path(blocked)) if blocked else NOTHING,
        longest=longest,
        most=rate.amount,
        window=rate.get_expiry(),
        remind=remind,
    )


class MessageFacts(msgspec.Struct, frozen=True, gc=False):
    """The facts that rules use besides a message's text. Unknown facts count as harmless.

    `repeated`: its author has said the same in this chat, and that still stands. `recent` counts the author's messages
    within the policy's window, this one included; `pause` is the seconds since the author's last message that was kept.
    `slow` is the shortest pause that slow mode allows, in seconds, or None while it is off. `first`: none of the
    author's messages was ever kept, and first messages are held. `returned`: the same, and the author resembles
    somebody who is muted. `unnamed`: the author wants no name beside it. `names` are the author's handle and name;
    `before` is what the author wrote in the minute before, which this message may continue. `alone` is the guard's
    verdict on the text by itself, where it was found with others'. `unblocked`: it is known to have no blocked word.
    """

    policy: Policy
    muted: bool = False
    command: bool = False
    repeated: bool = False
    recent: int = 1
    pause: float | None = None
    slow: int | None = None
    first: bool = False
    returned: bool = False
    unnamed: bool = False
    names: tuple[str, ...] = ()
    before: str = ""
    alone: GuardVerdict | None = None
    unblocked: bool = False

    def trusted(self) -> MessageFacts:
        """The facts for people with a role: there is no limit to how much and how often they write."""
        return msgspec.structs.replace(self, repeated=False, recent=1, pause=None, first=False, returned=False)


class Reason(Value, frozen=True, kw_only=True):
    """One reason to hold or drop a message. `kind` is the name of a rule, or of a sign that the guard found.

    Where it is about a part of the text, that is `text[start:end]`, in characters.
    """

    kind: str
    start: int | None = None
    end: int | None = None


class Judgement(Value, frozen=True, kw_only=True):
    """The verdict on a message and all reasons for it. It is `keep` exactly when there are none."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


KEEP = Judgement(verdict="keep")
