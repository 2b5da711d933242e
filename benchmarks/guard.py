"""The accuracy and the cost of the confidentiality guard on the labelled set in `tests/data/guard`: `make guard`.

The rules were tuned on the part `tune`; only `test` is published, and none of its messages is ever printed. `ours`,
`sixth`, `seventh` and `eighth` are by the authors of the rules, the others by people who hadn't seen them. `blind` is
the test: it came when the rules were done, and was looked at once.
The tables are Markdown; docs/guard.md shows the same ones.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from bot.messages import Value
from bot.moderation.guard import check_text
from bot.moderation.guard.check import RULES
from bot.moderation.guard.normalized_text import normalize
from bot.moderation.guard.stories import told_stories

DATA = Path(__file__).parent.parent / "tests" / "data" / "guard"
TEST = frozenset({"blind"})
"""The batches that the published figures are of."""

Part = Literal["tune", "test"]
Batch = Literal[
    "ours",
    "others",
    "third",
    "fifth",
    "sixth",
    "seventh",
    "final",
    "last",
    "newest",
    "unseen",
    "everyday",
    "traps",
    "eighth",
    "blind",
]


class Labelled(Value, frozen=True, kw_only=True):
    """A message, and whether it has to be held.

    `form` is fixed where a form, a check digit or a label defines what makes it one to hold, free where that is in the
    words. Where `start` is known, `text[start:end]` has to be found, under the name of `kind`.
    """

    text: str
    label: Literal["hold", "keep"]
    kind: str
    form: Literal["fixed", "free", "ordinary"]
    set: Part
    by: Batch = "ours"
    start: int | None = None
    end: int | None = None


def labelled(part: Part | None = None) -> list[Labelled]:
    """Read the messages of one part, or of both."""
    rows = [
        msgspec.json.decode(line, type=Labelled)
        for file in sorted(DATA.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [row for row in rows if part in {None, row.set}]


def right(row: Labelled) -> bool:
    """Whether the guard does with a message what it should."""
    found = check_text(row.text)
    if row.label == "keep" or row.start is None or row.end is None:
        return found.verdict == row.label
    return any(one.kind == row.kind and one.start < row.end and row.start < one.end for one in found.reasons)


def wrong(rows: Iterable[Labelled]) -> list[Labelled]:
    """The messages among these with which the guard does what it shouldn't."""
    return [row for row in rows if not right(row)]


def share(rows: list[Labelled]) -> float:
    """The share of messages with which the guard does what it should; 1 of none."""
    return 1 - len(wrong(rows)) / len(rows) if rows else 1.0


def figures() -> str:
    """Table: what is held of the test half, by form, and of the ordinary messages by how difficult they are."""
    rows = labelled("test")
    fixed, free = ([row for row in rows if row.form == form] for form in ("fixed", "free"))
    plain, trap = ([row for row in rows if row.kind == kind] for kind in ("plain", "trap"))
    return "\n".join(
        [
            "| test half | held |",
            "|---|---:|",
            f"| fixed forms | {_held(fixed)} |",
            f"| free forms | {_held(free)} |",
            f"| ordinary, as people talk in such chats | {len(wrong(plain))} of {len(plain)} |",
            f"| ordinary, that look like what they aren't | {len(wrong(trap))} of {len(trap)} |",
        ]
    )


def _held(rows: list[Labelled]) -> str:
    return f"{share(rows):.3f} ({len(rows) - len(wrong(rows))} of {len(rows)})"


def by_rule() -> str:
    """Table: what each rule earns in the tune half: what it holds, what it alone holds, and ordinary messages."""
    held = {row.text: _rules(row.text) for row in labelled("tune")}
    labels = {row.text: row.label for row in labelled("tune")}
    lines = ["| rule | held | it alone | ordinary |", "|---|---:|---:|---:|"]
    for rule in (*RULES, told_stories):
        texts = [text for text, names in held.items() if rule.__name__ in names]
        right = [text for text in texts if labels[text] == "hold"]
        alone = sum(len(held[text]) == 1 for text in right)
        lines.append(f"| `{rule.__name__}` | {len(right)} | {alone} | {len(texts) - len(right)} |")
    return "\n".join(lines)


def _rules(text: str) -> set[str]:
    """The rules that find something."""
    normalized = normalize(text)
    return {rule.__name__ for rule in (*RULES, told_stories) if any(True for _ in rule(normalized))}


def microseconds(texts: Sequence[Any], judge: Callable[[Any], object] = check_text, rounds: int = 51) -> float:
    """CPU a message, or a batch of them: the median of repeated rounds over all."""
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        for text in texts:
            judge(text)
        spent.append(time.process_time() - begun)
    return statistics.median(spent) / len(texts) * 1e6


def ordinary() -> list[str]:
    """The texts of all ordinary messages."""
    return [row.text for row in labelled() if row.label == "keep"]


def main() -> None:
    """Measure and print everything; the messages of the other half that are judged wrongly come last."""
    print(figures(), by_rule(), sep="\n\n")
    plain = [text for text in ordinary() if not any(map(str.isdigit, text))]
    for texts, which in ((ordinary(), "an ordinary message"), (plain, "one without digits")):
        print(f"\nCPU of all rules on {which}: {microseconds(texts, rounds=11):.0f} µs (median of 11 rounds)")
    print("\nWrong in the tune half:", *(f"{one.kind}: {one.text}" for one in wrong(labelled("tune"))), sep="\n  ")


if __name__ == "__main__":
    main()
