"""The kinds of trials: on which store, in how many processes, and what is done to them."""

from __future__ import annotations

from typing import NamedTuple

from tests.soak.setting import APART, QUESTIONS, WORDS


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
        """Seconds for all questions that may be inserted; a file with a question after the end is refused."""
        return APART * (len(WORDS) - self.questions) if self.edited else 0.0


KILLS = Kind("kills")
EDITED = Kind("edited file", edited=True)
SHARED = Kind(
    "edited file of two processes",
    processes=2,
    on_postgres=True,
    harms=("kill", "kill", "cut", "mute"),
    pause=(1.5, 4.0),
    edited=True,
)
MUTE = Kind("mute store", on_postgres=True, harms=("mute", "mute_old", "kill"), pause=(1.0, 5.0))
THREE = Kind("three processes", processes=3, on_postgres=True, harms=("kill", "stop", "cut", "mute"), pause=(0.5, 2.5))

KINDS = (KILLS, SHARED, MUTE, THREE, KILLS, EDITED, MUTE, THREE)


def kind_of(seed: int) -> Kind:
    """The kind of the trial with this seed: one after the other."""
    return KINDS[seed % len(KINDS)]
