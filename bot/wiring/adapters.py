"""From the settings of a place to its adapter, and to what it can do. Nothing is connected here.

A platform's library is loaded only where a place is on that platform: half of all that a verb waits for is loading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from adapters import room
from bot.clock import Clock
from bot.ports.inbound import AdapterContext, Charge
from bot.ports.platform import Diagnosis, Platform, Traits
from bot.settings.places import DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings

if TYPE_CHECKING:
    from adapters import discord, x

_MICROS = 1_000_000
"""Millionths of a dollar in a dollar."""


Builder = Callable[[Any, AdapterContext], Platform]
"""Makes the adapter for a place's settings."""


def _room(place: RoomPlace, context: AdapterContext) -> Platform:
    settings = room.RoomSettings(
        host=place.host,
        port=place.port,
        public_url=place.public_url,
        secret=place.secret.get_secret_value() or context.secret,
        behind_proxy=place.behind_proxy,
        per_person=place.per_person,
        per_address=place.per_address,
        longest=place.longest,
    )
    return room.Room(context, settings)


def _x(settings: XPlace, given: AdapterContext) -> Platform:
    from adapters import x  # noqa: PLC0415 -- see above

    return x.X(place=given.place, clock=given.clock, listener=given.listener, account=_account(settings))


def _discord(settings: DiscordPlace, given: AdapterContext) -> Platform:
    from adapters import discord  # noqa: PLC0415 -- see above

    server = _server(settings)
    return discord.Discord(
        place=given.place, clock=given.clock, listener=given.listener, commands=given.commands, server=server
    )


PLATFORMS: Mapping[str, Builder] = {"room": _room, "x": _x, "discord": _discord}
"""How to build an adapter, by the `platform` of a place in the settings."""


def traits(settings: Settings) -> dict[str, Traits]:
    """What each configured place can do, without connecting to any."""
    return {name: _traits(place) for name, place in settings.places.items()}


async def diagnosed(settings: Settings, clock: Clock) -> dict[str, tuple[Diagnosis, ...]]:
    """What an examination of each place finds. Nothing is opened or posted."""
    nobody: Any = _Nobody()
    made = {
        name: PLATFORMS[place.platform](
            place,
            AdapterContext(place=name, clock=clock, listener=nobody, conversation=nobody, commands=nobody, secret=""),
        )
        for name, place in settings.places.items()
    }
    return {name: await platform.diagnose() for name, platform in made.items()}


class _Nobody:
    """Stands where the core would be; an examination has nothing to tell it but what it cost."""

    async def paid(self, *charges: Charge) -> None:
        """Not entered: there may be no store yet."""


def address(platform: Platform) -> str:
    """Where a place of our own can be visited; empty for any other."""
    return platform.address if isinstance(platform, room.Room) else ""


def _traits(place: RoomPlace | XPlace | DiscordPlace) -> Traits:
    match place:
        case XPlace():
            from adapters import x  # noqa: PLC0415 -- see above

            return x.traits_of(_account(place))
        case DiscordPlace():
            from adapters import discord  # noqa: PLC0415 -- see above

            return discord.traits_of(_server(place))
        case RoomPlace():
            return room.TRAITS


def _account(place: XPlace) -> x.XSettings:
    from adapters import x  # noqa: PLC0415 -- see above

    return x.XSettings(
        handle=place.handle,
        consumer_key=place.consumer_key.get_secret_value(),
        consumer_secret=place.consumer_secret.get_secret_value(),
        access_token=place.access_token.get_secret_value(),
        access_token_secret=place.access_token_secret.get_secret_value(),
        user_token=place.user_token.get_secret_value(),
        api_url=place.api_url,
        proxy=place.proxy,
        timeout=place.timeout.total_seconds(),
        visible_after=place.visible_after.total_seconds(),
        splits=place.long == "thread",
        most_links=place.links,
        chat_cap=round(place.cap_per_chat * _MICROS),
        month_cap=round(place.cap_per_month * _MICROS),
        names_up_to=round(place.names_up_to * _MICROS),
        hide=place.hide,
        direct=place.direct,
        followers=place.followers,
        views=place.views,
        mentions_every=place.mentions_every.total_seconds(),
        search_every=place.search_every.total_seconds(),
    )


def _server(place: DiscordPlace) -> discord.DiscordSettings:
    from adapters import discord  # noqa: PLC0415 -- see above

    return discord.DiscordSettings(
        token=place.token.get_secret_value(),
        guild=place.guild,
        channel=place.channel,
        api_url=place.api_url,
        gateway_url=place.gateway_url,
        proxy=place.proxy,
        timeout=place.timeout.total_seconds(),
        visible_after=place.visible_after.total_seconds(),
        threads=place.threads,
        pin=place.pin,
        calendar=place.calendar,
        message_content=place.message_content,
        admins=place.admins,
        hosts=place.hosts,
        moderators=place.moderators,
        delete=place.delete,
        timeouts=place.timeouts,
    )
