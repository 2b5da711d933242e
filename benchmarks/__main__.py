"""All benchmarks, one after the other: `make bench`. Most of the time is spent waiting for due times."""

from __future__ import annotations

import os
import time

from benchmarks import commands, discord_peer, inbound, many_chats, moderation, punctuality, room, transcript, workers

_PARTS = (transcript, inbound, moderation, discord_peer, punctuality, workers, commands, room, many_chats)
"""The transcript first: Linux counts the memory that this process once had as its children's."""


def main() -> None:
    """Measure and print everything."""
    begun = last = time.perf_counter()
    for part in _PARTS:
        part.main()
        now = time.perf_counter()
        print(f"  ({part.__name__.removeprefix('benchmarks.')}: {now - last:.0f} s)", flush=True)
        last = now
    spent = sum(os.times()[:4])
    print(f"All in {time.perf_counter() - begun:.0f} s, of which this and its processes worked {spent:.0f} s")


if __name__ == "__main__":
    main()
