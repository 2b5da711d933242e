"""Private links to the team's page, for the verb `link`; and what is the same for all private links."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, tzinfo

import click

from bot.authoring.folder_files import FolderFiles
from bot.cli.target import open_store
from bot.cli.terminal import end, print_json
from bot.clock import WallClock
from bot.errors import ChatFileError
from bot.scheduling.stored_files import StoredFiles
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.store import private_links
from bot.store.database import Database
from bot.store.private_links import PrivateLink

_MAX_NAME = 60
"""Characters of a name."""

_ALL = "all"
"""Revokes every link to this page."""

_ANYBODY = "Team"
"""The name on a link that is made for nobody in particular."""


class TeamLinks:
    """The links to the page of a series' team; without a series to that of all."""

    def __init__(self, settings: Settings, series: str, *, as_json: bool) -> None:
        self._settings, self._series, self._as_json, self._clock = settings, series, as_json, WallClock()

    @property
    def _shown(self) -> str:
        return f"the team's page of {self._series}" if self._series else "the team's page of all series"

    @property
    def _again(self) -> str:
        return f"convenor link --team {self._series}".rstrip()

    def carry_out(self, name: str | None, revoke: str | None, *, list_: bool) -> None:
        """List the links, revoke one or all, or make one. Ends the verb with 1 if that can't be done."""
        if list_ or revoke is not None:
            with open_store(self._settings) as database:
                if revoke is None:
                    self._list(database)
                else:
                    self._revoke(database, revoke)
            return
        room = next((one for one in self._settings.places.values() if isinstance(one, RoomPlace)), None)
        if room is None:
            end(1, "The team's page is in the room. Add [places.room] to the settings.")
        with closing(Database(self._settings.store.url)) as database:  # a new team begins before the first chat
            self._check(database)
            self._create(database, address_of(room), one_line(name or _ANYBODY))

    def _check(self, database: Database) -> None:
        if not self._series:
            return
        try:
            folder, stored = FolderFiles(self._settings.schedules, self._clock), StoredFiles(database, self._clock)
            files = [*folder.list(), *stored.list()]
        except ChatFileError as error:
            end(1, str(error))
        series = sorted({one.partition("/")[0] for one in files})
        if self._series not in series:
            end(1, f"There is no series {self._series}. There are: {', '.join(series) or 'none'}.")

    def _create(self, database: Database, room: str, name: str) -> None:
        now = self._clock.now()
        id, key = database.write_sync(
            private_links.create_link, chat=self._series, kind="team", name=name, role="host", now=now
        )
        address, ends = f"{room}{private_links.link_path(key)}", now + private_links.SERIES_VALID_FOR
        if self._as_json:
            print_json({"id": id, "series": self._series, "name": name, "url": address, "ends": ends})
            return
        click.echo(address)
        click.echo(f"Whoever has this address can open {self._shown} as {name}, until {ends.day} {ends:%B %Y}.")
        click.echo(f"It is shown only this once. To take it back: {self._again} --revoke {id}")

    def _list(self, database: Database) -> None:
        found = database.read_sync(private_links.active_links, self._series, "team")
        if self._as_json:
            print_json({"links": [{"id": one.id, "name": one.name, "since": one.made} for one in found]})
            return
        if not found:
            click.echo(f"There is no private link to {self._shown}. `{self._again}` makes one.")
        for one in found:
            click.echo(f"{one.id}  {one.name}  since {since(one, UTC)} UTC")

    def _revoke(self, database: Database, which: str) -> None:
        id = None if which == _ALL else which
        count = database.write_sync(private_links.revoke_links, self._series, id, self._clock.now(), "team")
        if id and not count:
            end(1, f"No link to {self._shown} is called that. `{self._again} --list` lists them.")
        if self._as_json:
            print_json({"revoked": count})
        else:
            click.echo(f"{count} link{'s' * (count != 1)} to {self._shown} revoked.")


def one_line(name: str) -> str:
    """A name for a link on one line. Ends the verb with 1 if it can't be shown."""
    plain = " ".join(name.split())
    if not 0 < len(plain) <= _MAX_NAME or not plain.isprintable():
        end(1, f"A name has 1 to {_MAX_NAME} characters, all of them visible.")
    return plain


def since(one: PrivateLink, zone: tzinfo) -> str:
    """When a link was made, on the clock of a zone."""
    made = one.made.astimezone(zone)
    return f"{made.day} {made:%B %Y, %H:%M}"


def address_of(room: RoomPlace) -> str:
    """The room's public address, else the one on this machine, with a warning on standard error."""
    if room.public_url:
        return room.public_url
    if not room.port:
        click.echo("The room's port is left open: put the one that `convenor run` tells in place of 0.", err=True)
    click.echo("The room has no public_url, so this address is good on this machine or in its network only.", err=True)
    host = f"[{room.host}]" if ":" in room.host else room.host
    return f"http://{host}:{room.port}"
