"""X's own count of the posts that it charged us for reading. Reads it; compares and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date

import aiohttp
import msgspec
from tweepy.asynchronous import AsyncClient

from adapters.kit.payloads import read_in_part
from adapters.x.errors import CALL_ERRORS, to_error
from adapters.x.payloads import Payload, Response
from adapters.x.settings import XSettings
from adapters.x.transport import Transport
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Time
from bot.ports.platform import ReadCount

_READS = ("post read", "own mention read", "own post read")
"""What X counts, in the words of our charges."""


class DailyUsage(Payload, frozen=True, kw_only=True):
    """The posts that a project read on a day. X writes the number as text."""

    date: Time
    usage: int | str


class ProjectUsage(Payload, frozen=True, kw_only=True):
    """A project's usage by day."""

    usage: tuple[object, ...] = ()


class Usage(Payload, frozen=True, kw_only=True):
    """The answer of `/2/usage/tweets`."""

    daily_project_usage: ProjectUsage = ProjectUsage()


async def count_reads(settings: XSettings, clock: Clock, days: int) -> ReadCount:
    """Ask X for the posts read by the keys' project, by day. Raises PlatformError where X does not say.

    X tells it an app, not an account: so it asks with the app's token, and with our usual keys where X gives none.
    """
    if settings.credentials.missing:
        raise PlatformError("X's keys are missing.", lost=True)
    transport = Transport(settings)
    keys = settings.credentials
    try:
        token = keys.user_token or await transport.app_token()
        client = AsyncClient(
            token or None,
            keys.consumer_key,
            keys.consumer_secret,
            keys.access_token,
            keys.access_token_secret,
            return_type=aiohttp.ClientResponse,
        )
        client.session = transport
        asked = {"days": str(days), "usage.fields": "daily_project_usage"}
        response = await client.request("GET", "/2/usage/tweets", params=asked, user_auth=not token)
        answer = msgspec.convert(await response.json(content_type=None), Response)
    except CALL_ERRORS as error:
        raise to_error(error, now=clock.now()) from error
    finally:
        await transport.close()
    by_day = dict(_days(read_in_part(answer.data, Usage)))
    if not by_day:
        raise PlatformError("X's answer has no days.")
    return ReadCount(kinds=_READS, by_day=by_day)


def _days(usage: Usage | None) -> Iterator[tuple[date, int]]:
    for one in usage.daily_project_usage.usage if usage else ():
        day = read_in_part(one, DailyUsage)
        if day is not None and str(day.usage).isascii() and str(day.usage).isdigit():
            yield day.date.astimezone(UTC).date(), int(day.usage)
