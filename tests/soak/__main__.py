"""`python -m tests.soak 300`: so many trials, some at a time, and the sum. Ends with 1 if a promise was broken."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.trial import Trial, trial

AT_ONCE = 6


async def main(count: int, first: int) -> int:
    gate, results, begun = asyncio.Semaphore(AT_ONCE), list[Trial](), time.monotonic()

    async def one(seed: int) -> None:
        async with gate:
            with tempfile.TemporaryDirectory(prefix="soak-") as folder:
                try:
                    result = await trial(seed, Path(folder))
                except Exception as error:  # noqa: BLE001 -- a trial that breaks is a result as well
                    result = Trial(seed, wrong=[f"the trial itself broke: {type(error).__name__}: {error}"])
        results.append(result)
        state = "kept" if not result.wrong else f"BROKEN {result.wrong} after {result.faults}"
        print(f"{len(results)}/{count} seed {seed}: {state}, {result.seconds:.0f} s", flush=True)

    await asyncio.gather(*(one(seed) for seed in range(first, first + count)))
    broken = [one for one in results if one.wrong]
    print(
        f"{len(results)} runs, {sum(one.asked for one in results)} posts, "
        f"{sum(one.answers for one in results)} answers, {len(broken)} with a promise broken, {time.monotonic() - begun:.0f} s."
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
