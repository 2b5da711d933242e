"""The kinds of trials: on which store, in how many processes, and what is done to them."""

from __future__ import annotations

from typing import NamedTuple

from tests.soak.setting import APART, QUESTIONS, WORDS

TAKING_OVER = 25.0
"""Seconds for two processes to take over from each other, each by the end of a lease."""


class Kind(NamedTuple):
    """A kind. Without `harms` the bot is killed one to three times, and starts again at once.

    `harms` are done to one process after the other, with a `pause` in seconds, and mended after some seconds.
    """

    name: str
    processes: int = 1
    on_postgres: bool = False
    harms: tuple[str, ...] = ()
    pause: tuple[float, float] = (0.0, 0.0)
    edited: bool = False

    @property
    def questions(self) -> int:
        """How many questions the chat begins with."""
        return QUESTIONS + self.edited

    @property
    def spare(self) -> float:
        """Seconds for all questions that may be inserted; a file with a question after the end is refused.

        Where another process has to take over before it sees an edit, also for that: a lease has to end first.
        """
        taking_over = TAKING_OVER if self.processes > 1 else 0.0
        return APART * (len(WORDS) - self.questions) + taking_over if self.edited else 0.0


KILLS = Kind("kills")
EDITED = Kind("edited file", edited=True)
SHARED = Kind(
    "edited file of two processes",
    processes=2,
    on_postgres=True,
    harms=("kill", "kill", "cut", "mute"),
    pause=(3.0, 9.0),
    edited=True,
)
MUTE = Kind("mute store", on_postgres=True, harms=("mute", "mute_old", "kill"), pause=(1.0, 5.0))
THREE = Kind("three processes", processes=3, on_postgres=True, harms=("kill", "stop", "cut", "mute"), pause=(0.5, 2.5))

KINDS = (KILLS, SHARED, MUTE, THREE, KILLS, EDITED, MUTE, THREE)


def kind_of(seed: int) -> Kind:
    """The kind of the trial with this seed: one after the other."""
    return KINDS[seed % len(KINDS)]
