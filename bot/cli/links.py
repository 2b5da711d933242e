"""The verb `link`: make, list and revoke private links to the room, to lead a chat or to plan the chats of a series."""

from __future__ import annotations

from typing import get_args
from zoneinfo import ZoneInfo

import click

from bot.chat import Chat
from bot.cli.main import JSON, read_settings, rehearsal_or_real
from bot.cli.target import ChatTarget, chat_targets, open_targets
from bot.cli.team_links import TeamLinks, address_of, one_line, since
from bot.cli.terminal import Verb, end, print_json
from bot.cli.verbs import HELP
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.status import resolve_name
from bot.store import private_links
from bot.store.private_links import LinkRole, PrivateLink

_ALL = "all"


@click.command(cls=Verb, short_help=HELP["link"])
@click.argument("chat", required=False)
@click.option("--name", help="Who it is for. Left out: the chat's first host, or moderator.")
@click.option("--role", type=click.Choice(get_args(LinkRole)), default="host", show_default=True, help="What they may.")
@click.option("--team", is_flag=True, help="To the team's page, where CHAT, a series, or all are planned.")
@click.option("--list", "list_", is_flag=True, help="List the links there are, without their keys.")
@click.option("--revoke", metavar="ID|all", help="Let a link, or all of them, be good for nothing.")
@JSON
@rehearsal_or_real("the real one, if it is known")
@click.pass_context
def link(  # noqa: PLR0913 -- one for each option
    context: click.Context,
    chat: str | None,
    name: str | None,
    role: LinkRole,
    revoke: str | None,
    *,
    team: bool,
    list_: bool,
    as_json: bool,
    rehearsal: bool | None,
) -> None:
    """Make a private link to the room, with which somebody can lead a chat from a phone; list or revoke them.

    With --team it opens the team's page, where the chats of a series, or of all, are planned.
    """
    if list_ and revoke:
        raise click.UsageError("--list and --revoke do not go together.")
    settings = read_settings(context, logs=False)
    if team:
        TeamLinks(settings, chat or "", as_json=as_json).carry_out(name, revoke, list_=list_)
        return
    if chat is None:
        raise click.UsageError("Name a chat; or, for the team's page, `convenor link --team`.")
    with open_targets(settings, rehearsal=rehearsal) as targets:
        known = chat_targets(targets)
        wanted = resolve_name(chat, {one.name for one in known})
        target = next(one for one in known if one.name == wanted)  # the real chat, if it is rehearsed as well
        if list_:
            _list(target, as_json=as_json)
        elif revoke is not None:
            _revoke(target, revoke, as_json=as_json)
        else:
            room, name = _room_address(settings, target), _holder(target.stored.chat, name, role)
            _create(target, room, name, role, as_json=as_json)


def _create(target: ChatTarget, room: str, name: str, role: LinkRole, *, as_json: bool) -> None:
    chat, (database, clock, _) = target.stored.chat, target.target
    now, ends = clock.now(), chat.starts + private_links.VALID_FOR
    if ends <= now:
        end(1, f"{chat.name} is long over: a link would be good for nothing.")
    id, key = database.write_sync(private_links.create_link, chat=chat.name, name=name, role=role, now=now)
    address = f"{room}{private_links.link_path(key)}"
    if as_json:
        print_json({"id": id, "chat": chat.name, "name": name, "role": role, "url": address, "ends": ends})
        return
    click.echo(address)
    until = ends.astimezone(ZoneInfo(chat.timezone))
    click.echo(f"Whoever has this address can lead {target.shown} as {name} ({role}), until {until.day} {until:%B %Y}.")
    flag = " --rehearsal" if target.target.is_rehearsal else ""
    click.echo(f"It is shown only this once. To take it back: convenor link {chat.name} --revoke {id}{flag}")


def _list(target: ChatTarget, *, as_json: bool) -> None:
    found = target.target.database.read_sync(private_links.active_links, target.name)
    if as_json:
        print_json({"links": [{"id": one.id, "name": one.name, "role": one.role, "since": one.made} for one in found]})
        return
    if not found:
        click.echo(f"There is no private link to {target.shown}. `convenor link {target.name}` makes one.")
    for one in found:
        click.echo(_link_line(one, ZoneInfo(target.stored.chat.timezone)))


def _link_line(one: PrivateLink, zone: ZoneInfo) -> str:
    return f"{one.id}  {one.name}  {one.role}  since {since(one, zone)}"


def _revoke(target: ChatTarget, which: str, *, as_json: bool) -> None:
    id, (database, clock, _) = None if which == _ALL else which, target.target
    count = database.write_sync(private_links.revoke_links, target.name, id, clock.now())
    if id and not count:
        end(1, f"No link to {target.shown} is called that. `convenor link {target.name} --list` lists them.")
    if as_json:
        print_json({"revoked": count})
    else:
        click.echo(f"{count} link{'s' * (count != 1)} to {target.shown} revoked.")


def _holder(chat: Chat, name: str | None, role: LinkRole) -> str:
    """The given name on one line; else the first person with the role. Ends the verb with 1 if it can't be shown."""
    if name is None:
        first = (chat.hosts if role == "host" else chat.moderators)[:1]
        name = first[0].name if first else role.capitalize()
    return one_line(name)


def _room_address(settings: Settings, target: ChatTarget) -> str:
    """The room's public address, else the one on this machine. Ends the verb with 1 if the chat has no room."""
    if target.target.marker:
        return target.target.marker.room
    places = target.stored.chat.places or tuple(settings.places)
    rooms = [one for name in places if isinstance(one := settings.places.get(name), RoomPlace)]
    if not rooms:
        end(1, f"{target.name} has no room. Add [places.room] to the settings, and to the chat's places.")
    return address_of(rooms[0])


VERBS = {"link": link}
