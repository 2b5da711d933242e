"""Where a verb plays: in the configured store, or in the store of a rehearsal that is on; and which chat is meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.cli.terminal import end
from bot.clock import WallClock
from bot.errors import StoreError
from bot.rehearsal import RehearsalMarker, signs
from bot.settings.settings import Settings
from bot.store import chats
from bot.store.chats import StoredChat
from bot.store.database import Database

_DAY = timedelta(days=1)

_NAMED_ONLY = 3
"""The rank of a chat that nobody means who names none."""


class Target(NamedTuple):
    """A store, and the clock that its chats go by. `sign` is a rehearsal's."""

    database: Database
    clock: WallClock
    sign: RehearsalMarker | None = None

    @property
    def rehearsed(self) -> bool:
        """Whether it is a rehearsal's."""
        return self.sign is not None


class ChatTarget(NamedTuple):
    """A chat on a stage. The lower its `rank`, the likelier it is meant: 0 is on, 1 comes within a day."""

    rank: int
    stage: Target
    chat: StoredChat

    @property
    def name(self) -> str:
        """The chat's."""
        return self.chat.chat.name

    @property
    def shown(self) -> str:
        """For people who have to choose."""
        return f"{self.name} (rehearsal)" if self.stage.rehearsed else self.name


@contextmanager
def stages(settings: Settings, *, rehearsal: bool | None = None) -> Iterator[list[Target]]:
    """The configured store, then each rehearsal that is on, while the block runs; with `rehearsal` only those, or none.

    Of a chat that is rehearsed twice at once, the newer. Where only a rehearsal is wanted and none is on, the verb ends
    with 1.
    """
    with ExitStack() as stack:
        found = [] if rehearsal else [Target(stack.enter_context(closing(Database(settings.store.url))), WallClock())]
        newest = {} if rehearsal is False else {sign.chat: sign for sign in signs(settings)}
        for sign in newest.values():
            try:
                database = stack.enter_context(closing(Database(sign.store)))
            except StoreError:
                continue  # it was over just now
            found.append(Target(database, sign.clock, sign))
        if not found:
            end(1, "No rehearsal is on. `convenor rehearse FILE` begins one.")
        yield found


def aims(stage: Target) -> list[ChatTarget]:
    """The chats of a stage. A rehearsal is on from its warm-up to its end."""
    now = stage.clock.now()
    known = stage.database.read_sync(chats.all_chats)
    return [ChatTarget(0 if stage.rehearsed else _rank(one, now), stage, one) for one in known]


def _rank(one: StoredChat, now: datetime) -> int:
    """0 it is live, 1 it begins within a day, 2 it was called off or is over within a day, 3 it is far."""
    if not one.chat.starts - _DAY <= now < one.ends + _DAY:
        return _NAMED_ONLY
    if one.state.cancelled or now >= one.ends:
        return 2
    return 0 if now >= one.chat.starts else 1


def aimed(known: list[ChatTarget], wanted: str | None, verb: str) -> ChatTarget:
    """The chat that is meant: the named one, else the only one that is live, or comes next. Else the verb ends with 1.

    Where a chat is live and a rehearsal is on, only a name or a flag tells which is meant.
    """
    found = [one for one in known if one.name == wanted or (wanted is None and one.rank < _NAMED_ONLY)]
    best = [one for one in found if one.rank == min(each.rank for each in found)]
    if len(best) != 1:
        end(1, _unclear(best, verb) if best else _none(known, verb))
    return best[0]


def _unclear(best: list[ChatTarget], verb: str) -> str:
    kinds = {one.stage.rehearsed for one in best}
    names = {one.name for one in best}
    name = f"Name one: `convenor {verb} {best[0].name}`." if len(names) > 1 else ""
    flag = f"Say `convenor {verb} --rehearsal` or `--real`." if len(kinds) > 1 else ""
    listed = ", ".join(one.shown for one in best)
    return f"That could be meant for any of these: {listed}. {name or flag}"


def _none(known: list[ChatTarget], verb: str) -> str:
    if not known:
        return "No chat is in the store yet. `convenor run` puts them there."
    named = f"Name one: `convenor {verb} CHAT`; `convenor status` lists them."
    return f"No chat is live, and none begins within a day. {named}"
