"""Learns the weights of the guard's stories from the tune part of the labelled set: `make weights`.

Logistic regression by stochastic dual coordinate ascent (Shalev-Shwartz and Zhang, 2013). It also says how the weights
do on each writer's messages when they are learned from the others' alone; nothing of the test half is read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from benchmarks.guard import Labelled, labelled
from bot.moderation import guard
from bot.moderation.guard.check import RULES
from bot.moderation.guard.descriptions import described_persons
from bot.moderation.guard.initials import placed_persons
from bot.moderation.guard.names import named_patients
from bot.moderation.guard.normalized_text import NormalizedText, normalize
from bot.moderation.guard.stories import is_story
from bot.moderation.guard.story_phrases import phrases_in
from bot.moderation.guard.story_words import Feature, features, weight_of, words, written
from bot.moderation.guard.titles import titled_persons

_FILE = Path(guard.__file__).with_name("weights.tsv")
_COMMON, _SEEN = 3, 3
"""Messages in which a word has to stand to be read as itself, and a feature to be weighed."""
_STRENGTH, _ROUNDS, _LEAST = 0.3, 40, 0.04
"""How far the weights follow the messages, rounds over all of them, and the least weight that is kept."""

_FORMS = [rule for rule in RULES if rule not in {described_persons, placed_persons, named_patients, titled_persons}]

Weights = dict[Feature, float]
Row = dict[Feature, float]
Kind = TypeVar("Kind")


def lessons() -> list[Labelled]:
    """The messages of the tune part that a story may be in: those with no number, address or the like."""
    rows = [row for row in labelled("tune") if row.form != "fixed"]
    return [row for row in rows if not any(True for rule in _FORMS for _ in rule(normalize(row.text)))]


def learn(rows: list[Labelled]) -> Weights:
    """The weights that tell the messages to be held from the others."""
    texts = [normalize(row.text) for row in rows]
    common = _frequent(({word.read for word in words(text.text, _Everything())} for text in texts), _COMMON)
    found_in = [sorted(_features(text, common), key=written) for text in texts]  # in one order, so that sums agree
    seen = _frequent(found_in, _SEEN)
    weighed = [{one: weight_of(one) for one in found} for found in found_in]
    weighed = [{one: value for one, value in row.items() if one in seen} | {"^": 1.0} for row in weighed]
    found = _ascend(weighed, [1 if row.label == "hold" else -1 for row in rows])
    scaled = {one: found[one] * value for row in weighed for one, value in row.items()}
    return dict.fromkeys(common, 0.0) | {one: value for one, value in scaled.items() if abs(value) >= _LEAST}


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


def _frequent(rows: Iterable[Iterable[Kind]], least: int) -> set[Kind]:
    counted = Counter(one for row in rows for one in row)
    return {one for one, times in counted.items() if times >= least}


def _features(text: NormalizedText, common: set[str]) -> set[Feature]:
    return features([word.read for word in words(text.text, common)], phrases_in(text.lowercase))


def _holds(text: NormalizedText, weights: Weights) -> bool:
    return is_story(words(text.text, weights), text.lowercase, weights)


def main() -> None:
    """Print how weights do on writers that they don't know, then learn from all and write them."""
    rows = lessons()
    for writer in sorted({row.by for row in rows} - {"ours"}):
        weights = learn([row for row in rows if row.by != writer])
        for label in ("hold", "keep"):
            others = [row for row in rows if row.by == writer and row.label == label]
            held = sum(_holds(normalize(row.text), weights) for row in others)
            print(f"unknown to the weights, by {writer}, to {label}: {held} of {len(others)} held")
    lines = sorted(f"{written(one)}\t{value * 100:.0f}" for one, value in learn(rows).items())
    _FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
