"""The target of a verb: the configured store or a running rehearsal's, and the chat in it that the verb is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from bot.cli.terminal import end
from bot.clock import WallClock
from bot.errors import StoreError
from bot.rehearsal.discovery import RehearsalMarker, running_rehearsals
from bot.settings.settings import Settings
from bot.store import chats
from bot.store.chats import StoredChat
from bot.store.database import Database
from bot.store.engine import missing_file

_DAY = timedelta(days=1)

_ONLY_BY_NAME = 3
"""The rank of a chat that has to be named."""


class Target(NamedTuple):
    """A store, with the clock of its chats, and the `marker` if it is a rehearsal's."""

    database: Database
    clock: WallClock
    marker: RehearsalMarker | None = None

    @property
    def is_rehearsal(self) -> bool:
        """Whether the store is a rehearsal's."""
        return self.marker is not None


class ChatTarget(NamedTuple):
    """A chat in a target's store. The lower its `rank`, the likelier it is meant: 0 is live, 1 begins within a day."""

    rank: int
    target: Target
    stored: StoredChat

    @property
    def name(self) -> str:
        """The chat's name."""
        return self.stored.chat.name

    @property
    def shown(self) -> str:
        """The chat's name, marked if it is a rehearsal."""
        return f"{self.name} (rehearsal)" if self.target.is_rehearsal else self.name


@contextmanager
def open_store(settings: Settings) -> Iterator[Database]:
    """The store, for a verb that makes none: where there is none, that is said, and an empty one used and forgotten."""
    with ExitStack() as stack:
        url = settings.store.url
        if missing := missing_file(url):
            click.echo(
                f"There is no store at {missing}. `convenor run` makes it; if it was moved, put it back.", err=True
            )
            url = f"sqlite:///{Path(stack.enter_context(TemporaryDirectory())) / missing.name}"
        yield stack.enter_context(closing(Database(url)))


@contextmanager
def open_targets(settings: Settings, *, rehearsal: bool | None = None) -> Iterator[list[Target]]:
    """The configured store, then the running rehearsals; with `rehearsal` only those, or only the store.

    If a chat is rehearsed twice at once, the newer rehearsal counts. Ends the verb with 1 if only a rehearsal is wanted
    and none is running.
    """
    with ExitStack() as stack:
        found = [] if rehearsal else [Target(stack.enter_context(open_store(settings)), WallClock())]
        newest = {} if rehearsal is False else {marker.chat: marker for marker in running_rehearsals(settings)}
        for marker in newest.values():
            try:
                database = stack.enter_context(closing(Database(marker.store)))
            except StoreError:
                continue  # the rehearsal has just ended
            found.append(Target(database, marker.clock, marker))
        if not found:
            end(1, "No rehearsal is on. `convenor rehearse FILE` begins one.")
        yield found


def chat_targets(targets: list[Target]) -> list[ChatTarget]:
    """The chats of all targets. A rehearsed chat counts as live from the warm-up to the end of its rehearsal."""
    return [
        ChatTarget(0 if target.is_rehearsal else _rank(one, target.clock.now()), target, one)
        for target in targets
        for one in target.database.read_sync(chats.all_chats)
    ]


def _rank(one: StoredChat, now: datetime) -> int:
    """0 if live, 1 if it begins within a day, 2 if it was called off or ended within a day, else 3."""
    if not one.chat.starts - _DAY <= now < one.ends + _DAY:
        return _ONLY_BY_NAME
    if one.state.cancelled or now >= one.ends:
        return 2
    return 0 if now >= one.chat.starts else 1


def choose_chat(known: list[ChatTarget], name: str | None, verb: str) -> ChatTarget:
    """The named chat, else the only one of the lowest rank. Ends the verb with 1 if that is none or several.

    If a chat is live and a rehearsal is running, only a name or a flag can decide between them.
    """
    found = [one for one in known if one.name == name or (name is None and one.rank < _ONLY_BY_NAME)]
    best = [one for one in found if one.rank == min(each.rank for each in found)]
    if len(best) != 1:
        end(1, _ambiguous(best, verb) if best else _not_found(known, verb))
    return best[0]


def _ambiguous(best: list[ChatTarget], verb: str) -> str:
    kinds = {one.target.is_rehearsal for one in best}
    names = {one.name for one in best}
    name = f"Name one: `convenor {verb} {best[0].name}`." if len(names) > 1 else ""
    flag = f"Say `convenor {verb} --rehearsal` or `--real`." if len(kinds) > 1 else ""
    listed = ", ".join(one.shown for one in best)
    return f"That could be meant for any of these: {listed}. {name or flag}"


def _not_found(known: list[ChatTarget], verb: str) -> str:
    if not known:
        return "No chat is in the store yet. `convenor run` puts them there."
    named = f"Name one: `convenor {verb} CHAT`; `convenor status` lists them."
    return f"No chat is live, and none begins within a day. {named}"
