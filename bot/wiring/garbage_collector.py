"""Tunes the garbage collector for a process that posts on the second."""

from __future__ import annotations

import gc


def tune_garbage_collector() -> None:
    """Keep the garbage collector from a full pass in the very second that many posts are due.

    Everything loaded by now lives until the end, so it is frozen; and new objects are collected less often. With
    Python's default thresholds 10,000 posts that were due at once took four times as long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
