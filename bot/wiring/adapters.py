"""Builds the adapter of each place from its settings, and its traits. Nothing is connected here.

A platform and its library are imported only where a place needs them, and for its traits only its settings: imports are
most of the time that a command line verb takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from pydantic import SecretStr

from adapters.room import settings as room
from adapters.room.diagnosis import diagnose as diagnose_room
from bot.clock import Clock
from bot.errors import PlatformError, SetupError
from bot.ports.blog import Blog
from bot.ports.inbound import AdapterContext, Charge
from bot.ports.platform import Diagnosis, Platform, ReadCount, Traits
from bot.settings.places import DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings

if TYPE_CHECKING:
    from adapters.discord.account import Accounts
    from adapters.discord.settings import DiscordSettings
    from adapters.x.settings import XSettings

_MICROS = 1_000_000
"""Millionths of a US dollar in a dollar."""

T = TypeVar("T", bound=msgspec.Struct)

Builder = Callable[[Any, AdapterContext], Platform]
"""Builds an adapter from the settings of a place."""


def _room(place: RoomPlace, context: AdapterContext) -> Platform:
    from adapters.room.platform import Room  # noqa: PLC0415 -- see above

    return Room(context, _room_settings(place, context.secret))


def _x(place: XPlace, context: AdapterContext) -> Platform:
    from adapters.x.platform import X  # noqa: PLC0415 -- see above

    return X(context, _x_settings(place))


def _discord_builder() -> Builder:
    """A builder whose places share one connection for each bot."""

    @cache
    def accounts() -> Accounts:
        from adapters.discord.account import Accounts  # noqa: PLC0415 -- see above

        return Accounts()

    def build(place: DiscordPlace, context: AdapterContext) -> Platform:
        from adapters.discord.platform import Discord  # noqa: PLC0415 -- see above

        return Discord(context, _discord_settings(place), accounts())

    return build


def builders() -> Mapping[str, Builder]:
    """The builders, by the `platform` of a place in the settings. Places built by the same ones may share."""
    return {"room": _room, "x": _x, "discord": _discord_builder()}


def traits(settings: Settings) -> dict[str, Traits]:
    """The traits of each configured place."""
    return {name: _traits(place) for name, place in settings.places.items()}


async def diagnosed(settings: Settings, clock: Clock) -> dict[str, tuple[Diagnosis, ...]]:
    """The diagnoses of each place. Nothing is opened or posted, and the room, which is slow, isn't imported."""
    build = builders()
    return {
        name: diagnose_room(_room_settings(place, ""), name)
        if isinstance(place, RoomPlace)
        else await build[place.platform](place, _no_core(name, clock)).diagnose()
        for name, place in settings.places.items()
    }


async def blog_diagnosed(settings: Settings, clock: Clock) -> tuple[Diagnosis, ...]:
    """The diagnoses of the blog; none if there is none. Nothing is written there."""
    try:
        found = blog(settings, clock)
    except SetupError as error:
        return (Diagnosis(level="wrong", text=str(error)),)
    if found is None:
        return ()
    try:
        return await found.diagnose()
    finally:
        await found.close()


async def counted(settings: Settings, clock: Clock, days: int) -> dict[str, ReadCount | PlatformError]:
    """The reads that each place with a budget has charged for, or why it doesn't say. Nothing is opened."""
    found: dict[str, ReadCount | PlatformError] = {}
    build = builders()
    for name, place in settings.places.items():
        if _traits(place).costs.budget is not None:
            try:
                found[name] = await build[place.platform](place, _no_core(name, clock)).count_reads(days)
            except PlatformError as error:
                found[name] = error
    return found


def _no_core(place: str, clock: Clock) -> AdapterContext:
    """The context of an adapter that is built to be asked something, not to be opened."""
    nothing: Any = _NoListener()
    return AdapterContext(place=place, clock=clock, listener=nothing, conversation=nothing, commands=nothing, secret="")


class _NoListener:
    """Stands in for the core during a diagnosis, which reports its cost and nothing else."""

    async def paid(self, *charges: Charge) -> None:
        """Ignore the cost: there may be no database yet."""


def blog(settings: Settings, clock: Clock) -> Blog | None:
    """The blog of the settings; None if there is none. Made inside a running loop. Raises SetupError."""
    said = settings.wordpress
    if not said.address:
        return None
    password = said.application_password.get_secret_value()
    if not (said.user and password):
        raise SetupError("[wordpress] has an address, but not both `user` and `application_password`. Give all three.")
    from adapters.wordpress.client import WordPress, WordPressSettings  # noqa: PLC0415 -- see above

    address = said.address.rstrip("/")
    return WordPress(WordPressSettings(address=address, user=said.user, application_password=password), clock)


def address(platform: Platform) -> str:
    """The address of a room; empty for any other platform."""
    from adapters.room.platform import Room  # noqa: PLC0415 -- see above

    return platform.address if isinstance(platform, Room) else ""


def open_streams(platform: Platform) -> int | None:
    """How many pages of a room have live updates; None for any other platform."""
    from adapters.room.platform import Room  # noqa: PLC0415 -- see above

    return platform.streams if isinstance(platform, Room) else None


def _traits(place: RoomPlace | XPlace | DiscordPlace) -> Traits:
    match place:
        case XPlace():
            from adapters.x.settings import traits_of as x_traits  # noqa: PLC0415 -- see above

            return x_traits(_x_settings(place))
        case DiscordPlace():
            from adapters.discord.settings import traits_of as discord_traits  # noqa: PLC0415 -- see above

            return discord_traits(_discord_settings(place))
        case RoomPlace():
            return room.traits_of(place.public_url)


def _room_settings(place: RoomPlace, secret: str) -> room.RoomSettings:
    """A room's settings. `secret`: the one of the store, for a place without one of its own."""
    own = {"secret": place.secret.get_secret_value() or secret}
    return msgspec.convert(_plain(place) | own, room.RoomSettings)


def _x_settings(place: XPlace) -> XSettings:
    from adapters.x.settings import XSettings  # noqa: PLC0415 -- see above

    renamed = {
        "splits": place.long == "thread",
        "most_links": place.links,
        "per_chat": round(place.cap_per_chat * _MICROS),
        "per_month": round(place.cap_per_month * _MICROS),
        "names_up_to": round(place.names_up_to * _MICROS),
    }
    return _grouped(_plain(place) | renamed, XSettings)


def _discord_settings(place: DiscordPlace) -> DiscordSettings:
    from adapters.discord.settings import DiscordSettings  # noqa: PLC0415 -- see above

    return _grouped(_plain(place), DiscordSettings)


def _grouped(plain: dict[str, Any], kind: type[T]) -> T:
    """The settings of an adapter; all its groups take their fields from the place's one table."""
    groups = dict.fromkeys(set(kind.__struct_fields__) - plain.keys(), plain)
    return msgspec.convert(plain | groups, kind)


def _plain(place: RoomPlace | XPlace | DiscordPlace) -> dict[str, Any]:
    """The settings of a place in the adapter's form: durations in seconds, secrets in the clear."""
    return {name: _plain_value(value) for name, value in place}


def _plain_value(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value.total_seconds() if isinstance(value, timedelta) else value
