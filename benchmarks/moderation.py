"""The cost of the rules: all of them on an ordinary message, and a message from the port with and without them.

CPU time of the whole process. The messages are the labelled ones of ordinary clinical talk that have to be kept; a list
of blocked words is on, because an operator may have one. For the accuracy of the guard run `make guard`.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

import msgspec

from benchmarks import inbound
from benchmarks.guard import microseconds, ordinary
from benchmarks.pretend import STARTS, conversation
from bot.messages import Message
from bot.moderation.guard import check_texts
from bot.moderation.message_rules import judge
from bot.moderation.policy import MessageFacts, Policy, policy
from bot.wiring.garbage_collector import tune_garbage_collector

_BATCH = 100
_BLOCKED = "casino\nviagra\nforex\nfree followers\nbit.ly/offer\ncrypto giveaway\nescort\nhot singles\n"


def rules(folder: Path) -> Policy:
    """All rules on."""
    file = folder / "blocked.txt"
    file.write_text(_BLOCKED, encoding="utf-8")
    return policy(blocked=file)


def _heard(count: int) -> list[Message]:
    """Ordinary messages spread over the hour, few enough a person that nobody floods."""
    said = conversation(people=1000, chat="bench/hour", places=("room",))
    step = timedelta(hours=1) / count
    return [msgspec.structs.replace(said(STARTS + number * step), id=f"m{number}") for number in range(count)]


def _inbound(heard: list[Message], rules: Policy | None) -> float:
    """CPU microseconds a message."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(inbound.through_inbox(heard, Path(folder), policy=rules))[0]


def _plainly(heard: list[Message]) -> float:
    """The same for plain sqlite3."""
    with tempfile.TemporaryDirectory() as folder:
        return inbound.through_sqlite(heard, Path(folder))


def unseen(texts: list[str]) -> float:
    """CPU microseconds that the guard takes for each of the second half of some texts, if it has seen only the first.

    It reads them in batches of a hundred. Call it in a process of its own.
    """
    spent = 0.0
    for start in range(0, len(texts), _BATCH):
        begun = time.process_time()
        check_texts(texts[start : start + _BATCH])
        if start >= len(texts) // 2:
            spent += time.process_time() - begun
    return spent / (len(texts) - len(texts) // 2) * 1e6


def main(count: int = 5_000, rounds: int = 5) -> None:
    """Measure and print."""
    tune_garbage_collector()
    texts = ordinary()
    with tempfile.TemporaryDirectory() as folder:
        on = rules(Path(folder))
    facts = MessageFacts(on)
    alone = microseconds(texts, lambda text: judge(text, facts), rounds=5)
    print(f"Moderation: all rules on an ordinary message {alone:.1f} µs of CPU (median of 5 rounds)")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as another:
        new = another.submit(unseen, random.Random(1).sample(texts, len(texts))).result()  # noqa: S311 -- no secret
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    together = microseconds(batches, check_texts, rounds=5) * len(batches) / len(texts)
    print(f"  the guard, a hundred messages at once: {together:.1f} µs a message, {new:.1f} µs if it never saw them")
    heard = _heard(count)
    in_turns = [
        (_inbound(heard, None), _inbound(heard, on), _plainly(heard), inbound.parsing(heard)) for _ in range(rounds)
    ]
    without, judged, raw, parsed = map(statistics.median, zip(*in_turns, strict=True))
    whole = raw + parsed
    print(
        f"  from the port, {count:,} messages: {without:.1f} µs without rules, {judged:.1f} µs with (medians of"
        f" {rounds} in turns); {raw:.1f} µs plain sqlite3, ratios {without / raw:.1f} and {judged / raw:.1f};"
        f" {whole:.1f} µs with the JSON parsed, ratios {without / whole:.1f} and {judged / whole:.1f}"
    )


if __name__ == "__main__":
    main()
