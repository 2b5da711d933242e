"""How a message was said: what the rules know besides its text."""

from __future__ import annotations

from typing import NamedTuple

from bot.moderation.policy import Policy


class MessageFacts(NamedTuple):
    """One message's circumstances. What is not known counts as harmless.

    `again`: the same person said the same in this chat before, and it still stands. `lately` is how many messages the
    person sent within the policy's window, with this one; `pause` how many seconds lie between this one and the last
    of theirs that was kept. `slow` is how long they must, in seconds; None: slow mode is off. `newcomer`: nothing of
    theirs was ever kept, and first messages are held. `names` is what its author is called.
    """

    policy: Policy
    muted: bool = False
    command: bool = False
    again: bool = False
    lately: int = 1
    pause: float | None = None
    slow: int | None = None
    newcomer: bool = False
    names: tuple[str, ...] = ()

    def trusted(self) -> MessageFacts:
        """The same for somebody who leads the chat: how much and how often they speak is up to them."""
        return self._replace(again=False, lately=1, pause=None, newcomer=False)
