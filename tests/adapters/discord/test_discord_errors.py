"""How Discord says no and what that means, on samples in the shape that Discord sends them. Nothing is connected."""

from __future__ import annotations

import errno
from typing import Any

import aiohttp
import discord
import pytest
import yarl

from adapters.discord.errors import BY_CLOSING, BY_CODE, MAY_NOT_SEND, for_this_post, of_the_channel, to_error
from adapters.kit.errors import retry_after
from bot.errors import PlatformError
from tests.fakes.clock import NOON


class Answer:
    """The library's errors want no more of an answer than this."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status, self.reason, self.headers = status, "", headers


def refused(status: int, code: int = 0, message: str = "", **more: Any) -> PlatformError:  # noqa: ANN401 -- JSON
    kinds: dict[int, type[discord.HTTPException]] = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    answer: Any = Answer(status, more.pop("headers", {}))
    return to_error(kind(answer, {"code": code, "message": message, **more}), now=NOON)


def verdict(error: PlatformError) -> str:
    marks = {"lost": error.lost, "permanent": error.permanent, "ambiguous": error.ambiguous}
    return " ".join(name for name, is_so in marks.items() if is_so) or "later"


@pytest.mark.parametrize(
    ("status", "code", "means"),
    [
        (403, 50013, "permanent"),
        (403, 50001, "lost"),
        (404, 10003, "lost"),
        (404, 10004, "lost"),
        (401, 0, "lost"),
        (404, 10008, "permanent"),
        (400, 50035, "permanent"),
        (400, 200000, "permanent"),
        (413, 40005, "permanent"),
        (400, 12345, "permanent"),
        (400, 20009, "permanent"),
        (403, 20028, "later"),
        (403, 20029, "later"),
        (403, 40004, "later"),
        (403, 40006, "later"),
        (403, 40062, "later"),
        (403, 40333, "later"),
        (400, 130000, "later"),
        (403, 0, "later"),
        (500, 0, "ambiguous"),
        (502, 0, "ambiguous"),
        (503, 0, "ambiguous"),
        (429, 0, "later"),
    ],
)
def test_a_refusal_carries_the_decision(status: int, code: int, means: str) -> None:
    assert verdict(refused(status, code, "No")) == means


def test_a_refused_form_is_told_in_discords_words_without_the_text() -> None:
    wrong = {"content": {"_errors": [{"code": "X", "message": 'Value "a patient\'s name" must be 2000 or fewer.'}]}}
    told = str(refused(400, 50035, "Invalid Form Body", errors=wrong))
    assert "must be 2000 or fewer" in told
    assert "patient" not in told


def test_how_long_to_wait_is_kept() -> None:
    assert refused(429, headers={"Retry-After": "7"}).retry_after == 7.0
    assert to_error(discord.RateLimited(42.5), now=NOON).retry_after == 42.5
    assert retry_after({"Retry-After": "Tue, 03 Mar 2026 12:01:00 GMT"}, NOON) == 60.0
    assert retry_after({"Retry-After": "Tue, 03 Mar 2026 11:01:00 GMT"}, NOON) == 0.0
    assert retry_after({}, NOON) is None
    assert retry_after({"Retry-After": "soon"}, NOON) is None


_NO_GATEWAY: Exception = discord.GatewayNotFound()  # type: ignore[no-untyped-call]
_KEY: Any = aiohttp.client_reqrep.ConnectionKey("discord.com", 443, True, True, None, None, None)  # noqa: FBT003


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (discord.LoginFailure("no"), "lost"),
        (discord.PrivilegedIntentsRequired(None), "lost"),
        (_NO_GATEWAY, "later"),
        (aiohttp.ClientConnectorError(_KEY, OSError(errno.ECONNREFUSED, "refused")), "later"),
        (aiohttp.ClientProxyConnectionError(_KEY, OSError(errno.ECONNREFUSED, "refused")), "later"),
        (aiohttp.InvalidUrlClientError(yarl.URL("no")), "later"),
        (aiohttp.ClientOSError(errno.ECONNRESET, "Connection reset by peer"), "ambiguous"),
        (aiohttp.ServerDisconnectedError(), "ambiguous"),
        (aiohttp.ServerTimeoutError(), "ambiguous"),
        (TimeoutError(), "ambiguous"),
        (OSError(errno.ECONNRESET, "reset"), "ambiguous"),
        (KeyError("retry_after"), "ambiguous"),
        (ValueError("not JSON: a patient's name"), "ambiguous"),
    ],
)
def test_a_failure_carries_the_decision(error: Exception, means: str) -> None:
    told = to_error(error, now=NOON)
    assert verdict(told) == means
    assert "patient" not in str(told)


def test_an_error_of_ours_stays_as_it_is() -> None:
    ours = PlatformError("ours", lost=True)
    assert to_error(ours, now=NOON) is ours


@pytest.mark.parametrize(("code", "means"), [(4004, "lost"), (4014, "lost"), (4013, "lost"), (4000, "later")])
def test_how_the_gateway_closed_carries_the_decision(code: int, means: str) -> None:
    socket: Any = None
    assert verdict(to_error(discord.ConnectionClosed(socket, shard_id=None, code=code), now=NOON)) == means


def test_whatever_is_lost_says_what_to_do() -> None:
    lost = [one.text for one in (*BY_CODE.values(), *BY_CLOSING.values()) if one.lost]
    verbs = ("give", "invite", "put", "set", "make", "install", "switch", "finds out", "gone")
    assert [text for text in lost if not any(verb in text for verb in verbs)] == []


def caused(status: int, code: int) -> PlatformError:
    """The error as a call raises it, with Discord's own behind it."""
    kind = discord.Forbidden if status == 403 else discord.HTTPException
    answer: Any = Answer(status, {})
    cause = kind(answer, {"code": code, "message": "No"})
    error = to_error(cause, now=NOON)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (403, 50013), (404, 10003), (404, 10004)])
def test_what_ends_the_place_ends_only_a_post_that_is_not_for_it(status: int, code: int) -> None:
    error = caused(status, code)
    assert error.lost == (code != 50013)
    assert verdict(for_this_post(error)) == "permanent"
    assert str(for_this_post(error)) == str(error)
    assert str(for_this_post(error, "Instead.")) == "Instead."


@pytest.mark.parametrize(("status", "code"), [(401, 0), (403, 40001), (403, 40002), (404, 10008), (503, 0)])
def test_a_token_that_is_gone_and_any_other_failure_stay_as_they_are(status: int, code: int) -> None:
    error = caused(status, code)
    assert for_this_post(error, "Instead.") is error


def test_only_who_may_not_write_in_the_channel_has_lost_it() -> None:
    assert verdict(of_the_channel(caused(403, 50013))) == "lost"
    assert str(of_the_channel(caused(403, 50013))) == MAY_NOT_SEND
    for code in (50001, 50035, 200000, 20016):
        error = caused(400, code)
        assert of_the_channel(error) is error


def test_the_code_is_kept_for_the_log() -> None:
    assert refused(400, 200000).code == of_the_channel(refused(400, 200000)).code == "400/200000"
    assert for_this_post(caused(403, 50001)).code == "403/50001"
    assert refused(503).code == "503"
