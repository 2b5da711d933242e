"""The versions that a chat file had during a trial, and a model of what they let be asked. Pure.

Who a question is is known here by its number in `WORDS`, never by the bot's own rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.soak.setting import WORDS

Version = tuple[tuple[int, str], ...]
"""The questions of a file in order, each with who it is and its words."""


@dataclass
class FileVersions:
    """All versions so far. `taken` are those that the bot has taken over, each with how many were asked by then."""

    all: list[Version]
    taken: list[tuple[int, int]] = field(default_factory=list)

    def edit(self, dice: random.Random) -> str:
        """Add a version in which one thing is different. Returns what was done."""
        now = list(self.all[-1])
        place = dice.randrange(len(now))
        ways = ["swap", "reword"]
        known = {who for version in self.all for who, _ in version}
        ways += ["insert"] * (len(known) < len(WORDS)) + ["delete"] * (len(now) == len(self.all[0]))
        how = dice.choice(ways)
        if how == "swap":
            other = dice.choice([one for one in range(len(now)) if one != place])
            now[place], now[other] = now[other], now[place]
        elif how == "reword":
            who, words = now[place]
            now[place] = who, words.removesuffix("?") + " now?"
        elif how == "insert":
            who = len(known)
            now.insert(place, (who, WORDS[who]))
        else:
            del now[place]
        self.all.append(tuple(now))
        return f"{how} {place + 1}"

    def wrong(self, asked: Sequence[str]) -> Iterator[str]:
        """What is wrong with these questions, as people saw them: asked again, unknown, out of order, or left out.

        Each must be the first in a version of the file that was not asked. Versions only go on, and one that was taken
        over counts for all that comes later.
        """
        who = {words: number for version in self.all for number, words in version}
        done, at = set[int](), 0
        for count, words in enumerate(asked):
            if (one := who.get(words)) is None or one in done:
                yield f"{words!r} asked again, or in no version"
                return
            least = max([at, *(version for version, before in self.taken if count >= before)])
            fitting = (each for each in range(least, len(self.all)) if self._next(each, done) == one)
            if (found := next(fitting, None)) is None:
                yield f"{words!r} after {sorted(done)}: not the next in version {least} or later of {self.all}"
                return
            at = found
            done.add(one)
        if self._next(-1, done) is not None:
            yield f"only {sorted(done)} of {self.all[-1]}"

    def _next(self, version: int, done: set[int]) -> int | None:
        return next((who for who, _ in self.all[version] if who not in done), None)
