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

from bot.erasure.log_files import blank_ids
from bot.erasure.table_erasure import find_changes, find_traces, refuse_traces, write_changes
from bot.erasure.traces import Traces
from bot.messages import Value
from bot.readable.common_words import is_wording
from bot.store import erasures
from bot.store.database import Database
from bot.store.erasures import ErasedPerson, Erasure, Stage

_ROUNDS = 10
"""How often the tables are looked through at once; others may write meanwhile."""

_log = structlog.get_logger()


class Rewritten(Value, frozen=True, kw_only=True):
    """Which folders were written again, which backups may still have a person, and which files of people's own."""

    folders: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Outside(Value, frozen=True, kw_only=True):
    """The traces of chats outside the store.

    `rewrite` writes what was written of these chats again, from the store as it is now. `log_files` are the bot's own.
    `naming` returns people's own files with one of these words: the bot does not change them.
    """

    rewrite: Callable[[Collection[str]], Rewritten]
    log_files: Callable[[], Iterable[Path]]
    naming: Callable[[Collection[str]], tuple[str, ...]]


class Eraser:
    """Takes requests further, each by itself until nothing of that person is stored, then all of them together.

    It erases people from `database`. `platforms` has the platform of each place; `worker` names this process.

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

    def work(
        self, ids: Collection[str], now: Callable[[], datetime], *, waiting: bool, whole: bool
    ) -> dict[str, Erasure]:
        """Take requests as far as they go now, without those that another process has. Raises StoreError.

        What was written is written again once for all of them, and the disk is scrubbed once. `now` reads the clock.
        With `waiting` a receipt that is on its way to a person is waited for. Unless `whole`, the last scrub, which
        keeps others waiting, is left for later; the requests are then to be worked on again.
        """
        for id in ids:
            for one in self._claimed([id], "asked", now):
                if one.person is not None:
                    self._erase(one, one.person, now, waiting=waiting)
        if erased := self._claimed(ids, "erased", now):
            self._rewrite(erased)
        if rewritten := self._claimed(ids, "rewritten", now):
            self._scrub(rewritten, whole=whole)
        return self._found(ids, now)

    def _claimed(self, ids: Iterable[str], stage: Stage, now: Callable[[], datetime]) -> list[Erasure]:
        """Those of these requests that are so far, and that no other process has."""
        mine = [id for id in ids if self._database.write_sync(erasures.claim, id, self._worker, now())]
        found = [self._database.read_sync(erasures.find_erasure, id) for id in mine]
        return [one for one in found if one is not None and one.stage == stage]

    def _found(self, ids: Iterable[str], now: Callable[[], datetime]) -> dict[str, Erasure]:
        """These requests as they are now, if they are done or no other process has them."""
        found = {id: self._database.read_sync(erasures.find_erasure, id) for id in ids}
        return {
            id: one
            for id, one in found.items()
            if one is not None
            and (one.stage == "done" or self._database.write_sync(erasures.claim, id, self._worker, now()))
        }

    def _scrub(self, rewritten: Iterable[Erasure], *, whole: bool) -> None:
        self._database.scrub(whole=whole)
        for one in rewritten if whole else ():
            self._database.write_sync(erasures.advance, one.id, "done", one.receipt)
            _log.info("erasure.done", id=one.id, messages=one.receipt.messages, folders=len(one.receipt.folders))

    def _erase(self, erasure: Erasure, person: ErasedPerson, now: Callable[[], datetime], *, waiting: bool) -> None:
        receipt, labels = erasure.receipt, self._labels(person)
        for _ in range(_ROUNDS):
            traces = self._database.read_sync(find_traces, person.accounts, labels)
            self._database.write_sync(refuse_traces, traces, now())
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
            return
        if not changes.waits:
            self._database.write_sync(erasures.advance, erasure.id, "erased", receipt)

    def _rewrite(self, erased: Collection[Erasure]) -> None:
        found = self._outside.rewrite({chat for one in erased for chat in one.receipt.chats})
        accounts = [account for one in erased if one.person is not None for account in one.person.accounts]
        with suppress(OSError):
            blank_ids(self._outside.log_files(), [id for _, id in accounts])
        for one in erased:
            left = tuple(sorted({*one.receipt.left, *found.left}))
            receipt = msgspec.structs.replace(one.receipt, folders=found.folders, backups=found.backups, left=left)
            self._database.write_sync(erasures.advance, one.id, "rewritten", receipt)

    def _labels(self, person: ErasedPerson) -> frozenset[str]:
        places = {place for place, _ in person.accounts}
        return frozenset(places | {self._platforms[one] for one in places if one in self._platforms})

    def _left(self, traces: Traces) -> tuple[str, ...]:
        handles, names = (
            traces.handles | traces.shared,
            [one for one in traces.names if len(one.split()) > 1 and not is_wording(one)],
        )
        return self._outside.naming([*(f"@{one}" for one in handles), *names, *traces.certain_ids])
