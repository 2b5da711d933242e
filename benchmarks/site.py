"""The CPU time for the site of 500 published chats, and for one more: pages, lists, search, feed, calendar and map.

Each chat has 300 posts. Reading the store is not in it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

import msgspec

from benchmarks.transcript import benchmark_chat, benchmark_events
from bot.reporting.files import Report, prepare
from bot.reporting.imprint import Imprint
from bot.site.build import PublishedChat, build_site
from bot.site.pages import Site

POSTS = 300


def main(count: int = 500) -> None:
    """Build it, add one chat, and print both times."""
    site, every = Site(), [_published(number) for number in range(count + 1)]
    with tempfile.TemporaryDirectory() as folder:
        print(f"{count} chats    {_build(Path(folder), site, every[:-1]):6.1f} s")
        print(f"one more     {_build(Path(folder), site, every):6.1f} s")


def _build(folder: Path, site: Site, chats: Sequence[PublishedChat]) -> float:
    began = time.process_time()
    build_site(folder, site, chats, chats[-1].published)
    return time.process_time() - began


def _published(number: int) -> PublishedChat:
    first = benchmark_chat()
    name, starts = f"pretend/{number:04}", first.starts + timedelta(weeks=number)
    return PublishedChat(name, f"Chat {number}", f"{number}", starts, partial(_report, name, number))


def _report(name: str, number: int, imprint: Imprint) -> Report:
    chat = benchmark_chat()
    moved = msgspec.structs.replace(chat, name=name, title=f"Chat {number}")
    return prepare(moved, _events(), imprint=imprint)


_events = cache(partial(benchmark_events, POSTS))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
