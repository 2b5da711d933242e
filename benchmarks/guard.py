"""The accuracy and the cost of the confidentiality guard on the labelled set in `tests/data/guard`: `make guard`.

An identifier counts as found when a reason of its kind touches its characters. The set has two parts: the rules were
tuned on `tune`, and never on `test`. The tables are Markdown; docs/guard.md shows the same ones.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from bot.messages import Value
from bot.moderation.guard import check_text

DATA = Path(__file__).parent.parent / "tests" / "data" / "guard"

Part = Literal["tune", "test"]
PARTS: tuple[tuple[Part, ...], ...] = (("tune",), ("test",), ("tune", "test"))


class Ordinary(Value, frozen=True, kw_only=True):
    """A message that has to be kept."""

    text: str
    set: Part


class Identifying(Ordinary, frozen=True, kw_only=True):
    """A message that has to be held for `text[start:end]`; `form` is fixed where check digit or format define it."""

    kind: str
    form: Literal["fixed", "free"]
    start: int
    end: int


def ordinary() -> list[Ordinary]:
    """Read the ordinary messages."""
    return [msgspec.json.decode(line, type=Ordinary) for line in _lines("ordinary.jsonl")]


def identifying() -> list[Identifying]:
    """Read the messages with identifiers."""
    return [msgspec.json.decode(line, type=Identifying) for line in _lines("identifying.jsonl")]


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


def found(row: Identifying) -> bool:
    """Whether the guard holds a message for the right reason, at the right place."""
    return any(
        reason.kind == row.kind and reason.start < row.end and row.start < reason.end
        for reason in check_text(row.text).reasons
    )


def held(rows: Iterable[Ordinary]) -> list[str]:
    """The messages among these that are held, for any reason."""
    return [row.text for row in rows if check_text(row.text).verdict == "hold"]


def recall(rows: list[Identifying]) -> float:
    """The share that is found; 1 of nothing."""
    return sum(map(found, rows)) / len(rows) if rows else 1.0


def by_part() -> str:
    """Table: precision, recall and false alarms, in the part the rules were tuned on and in the other one."""
    lines = [
        "| set | precision | recall, fixed form | recall, free form | ordinary messages held |",
        "|---|---:|---:|---:|---:|",
    ]
    for parts in PARTS:
        common = [row for row in ordinary() if row.set in parts]
        rows = [row for row in identifying() if row.set in parts]
        wrong, right = len(held(common)), len(held(rows))
        fixed, free = ([row for row in rows if row.form == form] for form in ("fixed", "free"))
        name = "both" if len(parts) > 1 else parts[0]
        lines.append(
            f"| {name} | {right / (right + wrong):.3f} | {_share(fixed)} | {_share(free)} | {wrong} of {len(common)} |"
        )
    return "\n".join(lines)


def by_kind() -> str:
    """Table: recall for each kind of identifier, over both parts."""
    lines = ["| kind | found |", "|---|---:|"]
    rows = identifying()
    kinds = sorted({row.kind for row in rows})
    lines += [f"| {kind} | {_share([row for row in rows if row.kind == kind])} |" for kind in kinds]
    return "\n".join(lines)


def _share(rows: list[Identifying]) -> str:
    return f"{recall(rows):.3f} ({sum(map(found, rows))} of {len(rows)})"


def microseconds(texts: list[str], judge: Callable[[str], object] = check_text, rounds: int = 51) -> float:
    """CPU a message: the median of repeated rounds over all of them."""
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        for text in texts:
            judge(text)
        spent.append(time.process_time() - begun)
    return statistics.median(spent) / len(texts) * 1e6


def main() -> None:
    """Measure and print everything; the messages that are judged wrongly come last."""
    print(by_part(), by_kind(), sep="\n\n")
    texts = [row.text for row in ordinary()]
    print(f"\nCPU of all rules on an ordinary message: {microseconds(texts):.0f} µs (median of 51 rounds)")
    print("\nHeld, but ordinary:", *held(ordinary()), sep="\n  ")
    print("\nMissed:", *(f"{row.kind}: {row.text}" for row in identifying() if not found(row)), sep="\n  ")


if __name__ == "__main__":
    main()
