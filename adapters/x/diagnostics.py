"""Diagnosis of an account: keys, owner, permission and clock. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from adapters.kit.errors import clock_drift, diagnosis_of
from adapters.x.client import XClient
from adapters.x.settings import XSettings
from adapters.x.translation import Me
from bot.clock import Clock
from bot.errors import PlatformError
from bot.ports.inbound import Listener
from bot.ports.platform import Diagnosis

_NOTICED = 30.0
_REFUSED = 300.0
"""Seconds between our clock and X's: from the first on a person should look, from the second X refuses signatures."""

_LABEL = Diagnosis(
    level="ok",
    text="X asks of every bot that its account carries the Automated label and names who runs it.",
    remedy="Look at the profile; it is set in X's settings under 'Your account', 'Automation'.",
)


async def diagnose(settings: XSettings, clock: Clock, listener: Listener) -> tuple[Diagnosis, ...]:
    """Ask X for our account, and for a direct message if they are switched on. Costs a cent or two; never raises."""
    client = None
    try:
        client = XClient(settings, clock, listener)
        me, headers = await client.me()
        messages = [await _direct_messages(client)] if settings.extras.direct else []
    except PlatformError as error:
        return (diagnosis_of(error), *clock_diagnosis(_headers_of(error), clock.now()))
    finally:
        if client:
            await client.close()
    now = clock.now()
    return (*_owner(settings, me), *_permission(settings, headers), *messages, *clock_diagnosis(headers, now), _LABEL)


def _owner(settings: XSettings, me: Me) -> Iterator[Diagnosis]:
    wanted = settings.handle.removeprefix("@")
    if wanted.casefold() == me.handle.casefold():
        yield Diagnosis(level="ok", text=f"X lets us in as @{me.handle}.")
    elif not wanted:
        yield Diagnosis(level="doubt", text=f"X lets us in as @{me.handle}.", remedy=f'Set handle = "@{me.handle}".')
    else:
        yield Diagnosis(
            level="doubt",
            text=f"The keys belong to @{me.handle}, the setting handle says @{wanted}; we would post as the former.",
            remedy="Make access_token and access_token_secret while logged in as the account that should post, or "
            "correct handle.",
        )


def _permission(settings: XSettings, headers: Mapping[str, str]) -> Iterator[Diagnosis]:
    if settings.credentials.user_token:
        yield Diagnosis(
            level="doubt",
            text="An OAuth 2.0 user token is in use. It expires two hours after it was made, and is not renewed.",
            remedy="Use the four OAuth 1.0a keys, which do not expire. A token needs the scopes "
            f"{', '.join(_scopes(settings))} and media.write.",
        )
        return
    level = headers.get("x-access-level", "")
    if level == "read":
        yield Diagnosis(
            level="wrong",
            text="The keys may read, but not post.",
            remedy="In X's developer console set the app's permissions to 'Read and write', then make a new "
            "access_token and access_token_secret: the old ones stay as they are.",
        )
    elif level.startswith("read-write"):
        yield Diagnosis(level="ok", text="The keys may post.")
    else:
        yield Diagnosis(
            level="doubt",
            text="X does not say whether the keys may post.",
            remedy="Look in X's developer console: the app's permissions must be 'Read and write'.",
        )


def _scopes(settings: XSettings) -> Iterator[str]:
    yield from ("tweet.read", "tweet.write", "users.read")
    if settings.extras.hide:
        yield "tweet.moderate.write"
    if settings.extras.direct:
        yield from ("dm.read", "dm.write")


async def _direct_messages(client: XClient) -> Diagnosis:
    """Whether direct messages can be read. Only sending one shows whether they can be sent."""
    try:
        await client.direct_messages(most=1, more=None, chat=None)
    except PlatformError as error:
        remedy = "Until this is put right, commands to the bot on X have to be public."
        return Diagnosis(level="doubt", text=f"Direct messages cannot be read. {error}", remedy=remedy)
    return Diagnosis(level="ok", text="Direct messages can be read.")


def clock_diagnosis(headers: Mapping[str, str], now: datetime) -> Iterator[Diagnosis]:
    """The difference between our clock and X's, if its response has a date."""
    apart = clock_drift(headers, now)
    if apart is None:
        return
    if apart <= _NOTICED:
        yield Diagnosis(level="ok", text="This machine's clock agrees with X's.")
        return
    yield Diagnosis(
        level="wrong" if apart > _REFUSED else "doubt",
        text=f"This machine's clock is {apart:.0f} seconds from X's. Beyond {_REFUSED:.0f} X refuses every request.",
        remedy="Set the clock by network time (NTP).",
    )


def _headers_of(error: PlatformError) -> Mapping[str, str]:
    """The headers of the response behind an error; none without one."""
    cause = error.__cause__
    found = getattr(getattr(cause, "response", cause), "headers", None)
    return found if isinstance(found, Mapping) else {}
