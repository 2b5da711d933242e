"""The settings of a place: one table for each platform. `config.example.toml` explains each of them.

Values are validated one by one; whether an account really works, `convenor doctor` finds out. Nothing is connected
here.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, SecretStr, Tag

from bot.toml.duration import Duration, Wait
from bot.toml.validation import custom_error, web_address

PLATFORMS = ("room", "x", "discord")
"""The platforms with an adapter."""

SHORTEST_TOKEN = 20
"""Characters of a token that nobody guesses."""

SECRETS = frozenset(
    {
        "secret",
        "consumer_key",
        "consumer_secret",
        "access_token",
        "access_token_secret",
        "user_token",
        "token",
        "metrics_token",
        "proxy",
        "application_password",
    }
)
"""Settings of a place whose value is never shown. A proxy's address can contain a password."""


def _rate(value: str) -> str:
    import limits  # noqa: PLC0415 -- rates are seldom given, and its import takes long

    try:
        limits.parse(value)
    except ValueError:
        raise custom_error('write it like "12/minute"') from None
    return value


def _url(value: str) -> str:
    return web_address(value).rstrip("/") if value else ""


def _websocket_url(value: str) -> str:
    if value and not re.fullmatch(r"wss?://[^\s/]+\S*", value):
        raise custom_error("write the whole address, beginning with wss://")
    return value


def _handle(value: str) -> str:
    if value and not re.fullmatch(r"@?\w{1,15}", value, re.ASCII):
        raise custom_error('write it like "@OTalk_"')
    return f"@{value.removeprefix('@')}" if value else ""


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < SHORTEST_TOKEN:
        raise custom_error(f"make it {SHORTEST_TOKEN} characters or longer, at random")
    return value


def _platform(value: object) -> object:
    if value not in PLATFORMS:
        raise custom_error(f"that platform is not known here; known: {', '.join(PLATFORMS)}")
    return value


Url = Annotated[str, AfterValidator(_url)]
Rate = Annotated[str, AfterValidator(_rate)]
Money = Annotated[float, Field(ge=0, le=100_000)]
"""US dollars."""

_NONE = SecretStr("")


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoomPlace(_Place):
    """The bot's own web room. Without a `secret` one is created and kept in the database."""

    platform: Annotated[Literal["room"], BeforeValidator(_platform)]
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Url = ""
    secret: SecretStr = _NONE
    behind_proxy: bool = False
    per_person: Rate = "12/minute"
    per_address: Rate = "120/minute"
    longest: Annotated[int, Field(ge=1, le=100_000)] = 2000
    metrics_token: Annotated[SecretStr, AfterValidator(_long_enough)] = _NONE


class XPlace(_Place):
    """An account on X, with either the four keys of the account or a `user_token`."""

    platform: Literal["x"]
    handle: Annotated[str, AfterValidator(_handle)] = ""
    consumer_key: SecretStr = _NONE
    consumer_secret: SecretStr = _NONE
    access_token: SecretStr = _NONE
    access_token_secret: SecretStr = _NONE
    user_token: SecretStr = _NONE
    long: Literal["thread", "error"] = "thread"
    links: Annotated[int, Field(ge=0, le=1)] = 1
    cap_per_chat: Money = 2.0
    cap_per_month: Money = 20.0
    names_up_to: Money = 0.55
    hide: bool = True
    quotes: bool = True
    direct: bool = False
    followers: bool = False
    views: bool = False
    mentions_every: Duration = timedelta(seconds=10)
    search_every: Duration = timedelta(seconds=60)
    timeout: Duration = timedelta(seconds=10)
    visible_after: Wait = timedelta(seconds=15)
    proxy: Annotated[str, AfterValidator(_url), Field(repr=False)] = ""
    api_url: Url = "https://api.x.com"


class DiscordPlace(_Place):
    """A channel of a Discord server. `guild` and `channel` are ids."""

    platform: Literal["discord"]
    token: SecretStr = _NONE
    guild: Annotated[int, Field(ge=0)] = 0
    channel: Annotated[int, Field(ge=0)] = 0
    admins: tuple[int, ...] = ()
    hosts: tuple[int, ...] = ()
    moderators: tuple[int, ...] = ()
    delete: bool = False
    timeouts: bool = False
    threads: Literal["none", "question", "chat"] = "none"
    pin: bool = True
    calendar: bool = True
    message_content: bool = False
    announce_role: Annotated[int, Field(ge=0)] = 0
    forum: Literal["chat", "question"] = "chat"
    timeout: Duration = timedelta(seconds=10)
    visible_after: Wait = timedelta(seconds=2)
    proxy: Annotated[str, AfterValidator(_url), Field(repr=False)] = ""
    api_url: Url = "https://discord.com/api/v10"
    gateway_url: Annotated[str, AfterValidator(_websocket_url)] = ""


def _platform_of(fields: object) -> str:
    """The platform of a place's fields. An unknown one is validated as a room, which then reports the mistake."""
    platform = fields.get("platform") if isinstance(fields, dict) else getattr(fields, "platform", None)
    return platform if isinstance(platform, str) and platform in PLATFORMS else "room"


Place = Annotated[
    Annotated[RoomPlace, Tag("room")] | Annotated[XPlace, Tag("x")] | Annotated[DiscordPlace, Tag("discord")],
    Discriminator(_platform_of),
]
"""Any place, discriminated by `platform`."""


def with_platforms(places: Any) -> Any:  # noqa: ANN401 - whatever a person wrote
    """Add `platform` to a place that is named like a platform. Raises PydanticCustomError for an invalid name."""
    if not isinstance(places, dict):
        return places
    for name, fields in places.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", str(name)):
            raise custom_error("name a place with small letters, digits and dashes")
        if isinstance(fields, dict) and name in PLATFORMS:
            fields.setdefault("platform", name)
    return places
