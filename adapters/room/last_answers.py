"""The last answer that each leader got, so that a page fetched after the form can show it. In memory, and bounded.

What is lost with a restart is only the words on the page: what was done is in the log.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.messages import Time, Value

_MOST = 500


class LastAnswer(Value, frozen=True):
    """An answer from the desk. `asked` is what it answers, and `confirm` what to say to really do it; `at` is UTC.

    `said` is what somebody had typed themselves and is not done, so that they need not type it again.
    """

    text: str
    at: Time
    asked: str = ""
    confirm: str | None = None
    said: str = ""
    done: bool = False


class LastAnswers:
    """One slip for each leader, by their id."""

    def __init__(self) -> None:
        self._slips: OrderedDict[str, LastAnswer] = OrderedDict()

    def keep(self, who: str, slip: LastAnswer) -> None:
        """In place of the one before."""
        self._slips[who] = slip
        self._slips.move_to_end(who)
        while len(self._slips) > _MOST:
            self._slips.popitem(last=False)

    def last(self, who: str) -> LastAnswer | None:
        """The last one, if there is any."""
        return self._slips.get(who)
