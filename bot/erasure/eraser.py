"""The eraser: takes a request to forget a person from one stage to the next, each safe to do again after a crash.

    asked ──▶ erased ──▶ rewritten ──▶ done
      │         │           └ the disk is scrubbed; from here on the request names nobody
      │         └ transcripts, pages and logs are written again without them
      └ nothing of theirs is stored any more, then the tables are changed until nothing of theirs is found

It works in the thread that calls it. Who is asked to forget whom is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from bot.erasure.erasing import find_changes, find_traces, refuse_traces, write_changes
from bot.erasure.log_files import blank_ids
from bot.erasure.traces import Traces
from bot.messages import Value
from bot.store import erasures
from bot.store.database import Database
from bot.store.erasures import ErasedPerson, Erasure

_ROUNDS = 10
"""How often the tables are looked through at once; others may write meanwhile."""

_log = structlog.get_logger()


class Rewritten(Value, frozen=True, kw_only=True):
    """Which folders were written again, which backups may still have a person, and which files of people's own."""

    folders: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Outside(Value, frozen=True, kw_only=True):
    """What there is of chats outside of the store.

    `rewrite` writes what was written of these chats again, from the store as it is now. `log_files` are the bot's own.
    `naming` returns people's own files with one of these words: the bot does not change them.
    """

    rewrite: Callable[[Collection[str]], Rewritten]
    log_files: Callable[[], Iterable[Path]]
    naming: Callable[[Collection[str]], tuple[str, ...]]


class Eraser:
    """Erases people from `database`. `platforms` has the platform of each place; `worker` names this process.

    `changed` is called with the chats whose record has changed, once their rows are.
    """

    def __init__(
        self,
        database: Database,
        outside: Outside,
        *,
        platforms: Mapping[str, str],
        worker: str,
        changed: Callable[[Collection[str]], None] = lambda _chats: None,
    ) -> None:
        self._database, self._outside, self._platforms = database, outside, platforms
        self._worker, self._changed = worker, changed

    def work(self, id: str, now: datetime, *, waiting: bool, whole: bool) -> Erasure | None:
        """Take a request as far as it goes now. None if another process has it, or there is none. Raises StoreError.

        With `waiting` a receipt that is on its way to the person is waited for. Unless `whole`, the last scrub, which
        keeps others waiting, is left for later; the request is then to be worked on again.
        """
        while self._database.write_sync(erasures.claim, id, self._worker, now):
            erasure = self._database.read_sync(erasures.find_erasure, id)
            if erasure is None or not self._step(erasure, now, waiting=waiting, whole=whole):
                return erasure
        done = self._database.read_sync(erasures.find_erasure, id)
        return done if done is not None and done.stage == "done" else None

    def _step(self, erasure: Erasure, now: datetime, *, waiting: bool, whole: bool) -> bool:
        """Take a request to the next stage. Returns whether it got there."""
        if erasure.stage == "asked" and erasure.person is not None:
            return self._erase(erasure, erasure.person, now, waiting=waiting)
        if erasure.stage == "erased":
            self._rewrite(erasure)
            return True
        self._database.scrub(whole=whole)
        if whole:
            self._database.write_sync(erasures.advance, erasure.id, "done", erasure.receipt)
            receipt = erasure.receipt
            _log.info("erasure.done", id=erasure.id, messages=receipt.messages, folders=len(receipt.folders))
        return whole

    def _erase(self, erasure: Erasure, person: ErasedPerson, now: datetime, *, waiting: bool) -> bool:
        receipt, labels = erasure.receipt, self._labels(person)
        for _ in range(_ROUNDS):
            traces = self._database.read_sync(find_traces, person.accounts, labels)
            self._database.write_sync(refuse_traces, traces, now)
            with suppress(OSError):
                blank_ids(self._outside.log_files(), traces.ids)
            receipt = msgspec.structs.replace(receipt, left=tuple(sorted({*receipt.left, *self._left(traces)})))
            changes = self._database.read_sync(find_changes, traces, waiting=waiting)
            receipt, meanwhile = self._database.write_sync(write_changes, changes, erasure.id, receipt)
            if changes.any:
                self._changed(changes.chats)
            if not meanwhile:
                break
        else:
            return False
        if changes.waits:
            return False
        self._database.write_sync(erasures.advance, erasure.id, "erased", receipt)
        return True

    def _rewrite(self, erasure: Erasure) -> None:
        found = self._outside.rewrite(erasure.receipt.chats)
        if erasure.person is not None:
            with suppress(OSError):
                blank_ids(self._outside.log_files(), [id for _, id in erasure.person.accounts])
        left = tuple(sorted({*erasure.receipt.left, *found.left}))
        receipt = msgspec.structs.replace(erasure.receipt, folders=found.folders, backups=found.backups, left=left)
        self._database.write_sync(erasures.advance, erasure.id, "rewritten", receipt)

    def _labels(self, person: ErasedPerson) -> frozenset[str]:
        places = {place for place, _ in person.accounts}
        return frozenset(places | {self._platforms[one] for one in places if one in self._platforms})

    def _left(self, traces: Traces) -> tuple[str, ...]:
        return self._outside.naming([*(f"@{one}" for one in traces.handles), *traces.certain_ids])
