"""Private links of the room: whoever has one can lead a chat from there. Made, listed and revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args
from zoneinfo import ZoneInfo

import click

from bot.chat import Chat
from bot.cli.main import JSON, rehearsal_or_real, settings_of
from bot.cli.target import ChatTarget, aims, stages
from bot.cli.terminal import Verb, end, print_json
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.status import resolve_name
from bot.store import private_links
from bot.store.private_links import LinkRole, PrivateLink

_LONGEST = 60
"""Characters of a name."""

_ALL = "all"


@click.command(cls=Verb, short_help="Make or revoke a private link, to lead from a phone.")
@click.argument("chat")
@click.option("--name", help="Who it is for. Left out: the chat's first host, or moderator.")
@click.option("--role", type=click.Choice(get_args(LinkRole)), default="host", show_default=True, help="What they may.")
@click.option("--list", "list_", is_flag=True, help="List the links there are, without their keys.")
@click.option("--revoke", metavar="ID|all", help="Let a link, or all of them, be good for nothing.")
@JSON
@rehearsal_or_real("the real one, if it is known")
@click.pass_context
def link(
    context: click.Context,
    chat: str,
    name: str | None,
    role: LinkRole,
    revoke: str | None,
    *,
    list_: bool,
    as_data: bool,
    rehearsal: bool | None,
) -> None:
    """Make a private link to the room, with which somebody can lead a chat from a phone; list or revoke them."""
    if list_ and revoke:
        raise click.UsageError("--list and --revoke do not go together.")
    settings = settings_of(context)
    with stages(settings, rehearsal=rehearsal) as found:
        known = [one for stage in found for one in aims(stage)]
        wanted = resolve_name(chat, {one.name for one in known})
        aim = next(one for one in known if one.name == wanted)  # the real chat, where it is rehearsed as well
        if list_:
            _list(aim, as_data=as_data)
        elif revoke is not None:
            _revoke(aim, revoke, as_data=as_data)
        else:
            _make(aim, _room(settings, aim), _named(aim.chat.chat, name, role), role, as_data=as_data)


def _make(aim: ChatTarget, room: str, name: str, role: LinkRole, *, as_data: bool) -> None:
    chat, stage = aim.chat.chat, aim.stage
    now, ends = stage.clock.now(), chat.starts + private_links.VALID_FOR
    if ends <= now:
        end(1, f"{chat.name} is long over: a link would be good for nothing.")
    id, key = stage.database.write_sync(private_links.create_link, chat=chat.name, name=name, role=role, now=now)
    address = f"{room}{private_links.link_path(key)}"
    if as_data:
        print_json({"id": id, "chat": chat.name, "name": name, "role": role, "url": address, "ends": ends})
        return
    click.echo(address)
    until = ends.astimezone(ZoneInfo(chat.timezone))
    click.echo(f"Whoever has this address can lead {aim.shown} as {name} ({role}), until {until.day} {until:%B %Y}.")
    flag = " --rehearsal" if stage.rehearsed else ""
    click.echo(f"It is shown only this once. To take it back: convenor link {chat.name} --revoke {id}{flag}")


def _list(aim: ChatTarget, *, as_data: bool) -> None:
    found = aim.stage.database.read_sync(private_links.active_links, aim.name)
    if as_data:
        print_json({"links": [{"id": one.id, "name": one.name, "role": one.role, "since": one.made} for one in found]})
        return
    if not found:
        click.echo(f"There is no private link to {aim.shown}. `convenor link {aim.name}` makes one.")
    for one in found:
        click.echo(_line(one, ZoneInfo(aim.chat.chat.timezone)))


def _line(one: PrivateLink, zone: ZoneInfo) -> str:
    since = one.made.astimezone(zone)
    return f"{one.id}  {one.name}  {one.role}  since {since.day} {since:%B %Y, %H:%M}"


def _revoke(aim: ChatTarget, which: str, *, as_data: bool) -> None:
    one = None if which == _ALL else which
    count = aim.stage.database.write_sync(private_links.revoke_links, aim.name, one, aim.stage.clock.now())
    if one and not count:
        end(1, f"No link to {aim.shown} is called that. `convenor link {aim.name} --list` lists them.")
    if as_data:
        print_json({"revoked": count})
    else:
        click.echo(f"{count} link{'s' * (count != 1)} to {aim.shown} revoked.")


def _named(chat: Chat, name: str | None, role: LinkRole) -> str:
    """The given name on one line; else the first of those whose role it is."""
    if name is None:
        first = (chat.hosts if role == "host" else chat.moderators)[:1]
        name = first[0].name if first else role.capitalize()
    plain = " ".join(name.split())
    if not 0 < len(plain) <= _LONGEST or not plain.isprintable():
        end(1, f"A name has 1 to {_LONGEST} characters, all of them visible.")
    return plain


def _room(settings: Settings, aim: ChatTarget) -> str:
    """Where the room is, as people reach it. Without one the verb ends with 1."""
    if aim.stage.sign:
        return aim.stage.sign.room
    places = aim.chat.chat.places or tuple(settings.places)
    rooms = [one for name in places if isinstance(one := settings.places.get(name), RoomPlace)]
    if not rooms:
        end(1, f"{aim.name} has no room. Add [places.room] to the settings, and to the chat's places.")
    return rooms[0].public_url or _here(rooms[0], lambda text: click.echo(text, err=True))


def _here(room: RoomPlace, doubt: Callable[[str], None]) -> str:
    """The room on this machine, with what is doubtful about that."""
    if not room.port:
        doubt("The room's port is left open: put the one that `convenor run` tells in place of 0.")
    doubt("The room has no public_url, so this address is good on this machine or in its network only.")
    host = f"[{room.host}]" if ":" in room.host else room.host
    return f"http://{host}:{room.port}"
