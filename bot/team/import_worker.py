"""The process that reads one announcement, with little memory and little time: `python -m bot.team.import_worker`.

A document made to be hard to read then harms nobody but itself. It gets a line of JSON and the document's bytes on its
standard input, and answers with a line of JSON. It reads no file, and opens no connection.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.chatfile import SeriesFile
from bot.authoring.source import validate_file
from bot.errors import UnreadableAnnouncementError
from bot.team.import_task import SECONDS, Outcome, Task
from bot.toml.document import parse_bytes
from bot.translation import speaking

_MEMORY = 1 << 30
"""Bytes of memory."""


def outcome(task: Task, data: bytes) -> Outcome:
    """Read a document."""
    series = validate_file(parse_bytes(task.series.encode(), ""), SeriesFile).values
    try:
        found: AnnouncementText = read_announcement(data, task.name)
    except UnreadableAnnouncementError as error:
        return Outcome(problem=error.sentences)
    read = draft(found, series, task.now)
    with speaking(task.language):
        doubts = tuple(one.spoken() for one in read.doubts)
    return Outcome(draft=replace(read, doubts=doubts), text=found.text)


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # where a system has no such limits, the caller's patience is one
        import resource  # noqa: PLC0415 -- not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Read the task and the document, and write the outcome."""
    _limit()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    found = outcome(msgspec.json.decode(head, type=Task), data)
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
