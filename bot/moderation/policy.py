"""What the operator has decided about messages, ready for the rules."""

from __future__ import annotations

from pathlib import Path

import limits

from bot.messages import Value
from bot.moderation.word_list import NOTHING, WordList, load


class Policy(Value, frozen=True, kw_only=True):
    """At most `most` messages a person in `window` seconds; a text has at most `longest` characters.

    `guard`: signs of a patient's identity are held. `remind`: everybody is then reminded once a chat.
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
    """From the settings in `[moderation]`. `blocked` is a file, or empty. Raises SetupError if that has mistakes."""
    rate = limits.parse(flood)
    return Policy(
        guard=guard,
        blocked=load(Path(blocked)) if blocked else NOTHING,
        longest=longest,
        most=rate.amount,
        window=rate.get_expiry(),
        remind=remind,
    )
