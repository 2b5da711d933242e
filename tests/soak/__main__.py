"""Run `python -m tests.soak 300` for 300 trials, some at a time. Exits with 1 if a promise was broken."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.faults import VoidError
from tests.soak.kinds import kind_of
from tests.soak.trial import BEFORE, Trial, trial
from tests.store.postgres_server import Server, postgres_server

AT_ONCE = 6

CONNECTIONS = 300
"""That PostgreSQL allows: those of three processes, and those that a mute proxy has not let go."""


async def attempt(seed: int, postgres: Server | None = None) -> Trial:
    """Run one trial that counts: a void one is repeated with more time before it."""
    for again in range(5):
        with tempfile.TemporaryDirectory(prefix="soak-") as folder:
            try:
                return await trial(seed, Path(folder), BEFORE * 2**again, postgres)
            except VoidError:
                print(f"seed {seed}: void, the machine is too busy; once more", flush=True)
            except Exception as error:  # noqa: BLE001 -- a trial that fails is a result as well
                return Trial(
                    seed, kind_of(seed).name, wrong=[f"the trial itself broke: {type(error).__name__}: {error}"]
                )
    return Trial(seed, kind_of(seed).name, wrong=["the machine was too busy five times"])


async def main(count: int, first: int) -> int:
    gate, results, begun = asyncio.Semaphore(AT_ONCE), list[Trial](), time.monotonic()

    async def one(seed: int) -> None:
        async with gate:
            result = await attempt(seed, postgres)
        results.append(result)
        state = "kept" if not result.wrong else f"BROKEN {result.wrong} after {result.faults}"
        print(f"{len(results)}/{count} seed {seed}, {result.kind}: {state}, {result.seconds:.0f} s", flush=True)

    with tempfile.TemporaryDirectory(prefix="pg-") as folder, postgres_server(Path(folder), CONNECTIONS) as postgres:
        await asyncio.gather(*(one(seed) for seed in range(first, first + count)))
    broken = [one for one in results if one.wrong]
    posts, answers = sum(one.asked for one in results), sum(one.answers for one in results)
    attributed, emptied = sum(one.attributed for one in results), sum(one.emptied for one in results)
    seconds = time.monotonic() - begun
    print(f"{len(results)} runs, {posts} posts, {answers} answers, {len(broken)} runs broken, {seconds:.0f} s.")
    print(f"{attributed} answers had one right question; {emptied} messages were left without words.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
