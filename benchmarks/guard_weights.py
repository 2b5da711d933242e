"""Learns the weights of the guard's stories from the tune part of the labelled set: `make weights`.

Logistic regression by stochastic dual coordinate ascent (Shalev-Shwartz and Zhang, 2013). It also says how the weights
do on each writer's messages when they are learned from the others' alone; nothing of the test half is read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.guard import Labelled, labelled
from bot.moderation import guard
from bot.moderation.guard.check import RULES
from bot.moderation.guard.descriptions import described_persons
from bot.moderation.guard.initials import placed_persons
from bot.moderation.guard.names import named_patients
from bot.moderation.guard.normalized_text import normalize
from bot.moderation.guard.stories import ENOUGH
from bot.moderation.guard.story_words import features, words
from bot.moderation.guard.titles import titled_persons

_FILE = Path(guard.__file__).with_name("weights.tsv")
_COMMON, _SEEN = 3, 3
"""Messages in which a word has to stand to be read as itself, and a feature to be weighed."""
_STRENGTH, _ROUNDS, _LEAST = 0.2, 40, 0.04
"""How far the weights follow the messages, rounds over all of them, and the least weight that is kept."""

_FORMS = [rule for rule in RULES if rule not in {described_persons, placed_persons, named_patients, titled_persons}]

Weights = dict[str, float]
Row = dict[str, float]


def lessons() -> list[Labelled]:
    """The messages of the tune part in which no rule finds a number, an address or the like."""
    return [row for row in labelled("tune") if not any(True for rule in _FORMS for _ in rule(normalize(row.text)))]


def learn(rows: list[Labelled]) -> Weights:
    """The weights that tell the messages to be held from the others."""
    texts = [normalize(row.text).text for row in rows]
    common = _frequent(({word.read for word in words(text, _Everything())} for text in texts), _COMMON)
    weighed = [dict(features(_reads(text, common))) for text in texts]
    seen = _frequent(weighed, _SEEN)
    weighed = [{one: value for one, value in row.items() if one in seen} | {"^": 1.0} for row in weighed]
    found = _ascend(weighed, [1 if row.label == "hold" else -1 for row in rows])
    scaled = {one: found[one] * value for row in weighed for one, value in row.items()}
    return dict.fromkeys(sorted(common), 0.0) | {one: value for one, value in scaled.items() if abs(value) >= _LEAST}


def _ascend(rows: list[Row], signs: list[int]) -> Weights:
    weights = dict.fromkeys({one for row in rows for one in row}, 0.0)
    duals = [0.0] * len(rows)
    steps = [max(1.0, 0.25 + _STRENGTH * sum(value * value for value in row.values())) for row in rows]
    for _ in range(_ROUNDS):
        for place, (row, sign) in enumerate(zip(rows, signs, strict=True)):
            margin = sign * sum(weights[one] * value for one, value in row.items())
            step = (1 / (1 + math.exp(margin)) - duals[place]) / steps[place]
            duals[place] += step
            for one, value in row.items():
                weights[one] += _STRENGTH * sign * step * value
    return weights


class _Everything:
    def __contains__(self, word: object) -> bool:
        return True


def _frequent(rows: Iterator[set[str]] | list[Row], least: int) -> set[str]:
    counted = Counter(one for row in rows for one in row)
    return {one for one, times in counted.items() if times >= least}


def _reads(text: str, common: Weights | set[str]) -> list[str]:
    return [word.read for word in words(text, common)]


def _worth(text: str, weights: Weights) -> float:
    found = {one for one, _ in features(_reads(normalize(text).text, weights))}
    return weights["^"] + sum(weights.get(one, 0.0) for one in found)


def main() -> None:
    """Print how weights do on writers that they don't know, then learn from all and write them."""
    rows = lessons()
    for writer in sorted({row.by for row in rows} - {"ours"}):
        weights = learn([row for row in rows if row.by != writer])
        for label in ("hold", "keep"):
            others = [row for row in rows if row.by == writer and row.label == label]
            held = sum(_worth(row.text, weights) > ENOUGH for row in others)
            print(f"unknown to the weights, by {writer}, to {label}: {held} of {len(others)} held")
    lines = (f"{one}\t{value * 100:.0f}" for one, value in sorted(learn(rows).items()))
    _FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
