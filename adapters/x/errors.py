"""X's refusals and the network's failures as PlatformErrors, in plain words. Pure: `now` is an argument.

A part of X's own text is passed on; it may quote a request of ours, but never a participant's words or a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
import tweepy

from adapters.kit.errors import ErrorMapper, Refusal, final, lost, retry_after, server_time
from bot.errors import PlatformError

CALL_ERRORS: tuple[type[Exception], ...] = (
    tweepy.TweepyException,
    aiohttp.ClientError,
    OSError,
    ValueError,
    RecursionError,
)
"""The exceptions that tweepy and the network raise during a call. A TimeoutError is an OSError."""

CallKind = Literal["read", "post", "hide", "message"]
"""The purpose of a call: to read, to post, to hide or show a reply, to read or send a direct message."""

_LONGEST_WAIT = 960.0
"""Seconds: X's windows are 15 minutes long, so a header that asks for more than that and a minute makes no sense."""

_MAY_BE_TOO_LONG = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""Refusals of a post whose reason may be its length. X names no reason that a program could rely on."""

_UNSURE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED)
"""Refusals that X has given by mistake: a post that got one is looked for before it is made again."""

_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
"""X's codes. The type `about:blank` is none."""

_LONGEST = 200
"""Characters of X's own words."""


class DuplicateError(PlatformError):
    """X says that it has this very text already."""


_FORBIDDEN: tuple[tuple[tuple[str, ...], Refusal], ...] = (
    (
        ("oauth1 app permissions",),
        lost(
            "X's keys may only read. In X's developer console set the app's permissions to 'Read and write', then make "
            "a new access_token and access_token_secret: the old ones stay as they are."
        ),
    ),
    (
        ("your account is suspended", "your account has been suspended", "account is locked", "temporarily locked"),
        lost("X has suspended or locked the account. Log in at https://x.com as the bot and follow what X asks."),
    ),
    (
        ("attached to a project", "client-not-enrolled", "unsupported authentication", "oauth 2.0 application-only"),
        lost("X does not let this app in. Put it into a project with pay-per-use access in X's developer console."),
    ),
    (
        ("deleted or not visible",),
        final("The post that this answers is gone from X, or X does not show it to us."),
    ),
    (
        ("reply to this conversation is not allowed", "not been mentioned", "who can reply"),
        final("X does not allow this reply: a bot may answer only those who mentioned it or answered it."),
    ),
)
"""Why X answers 403. X gives these no codes of their own; the phrases are as X wrote them in 2026."""

_NO_DIRECT_MESSAGES = (
    "X does not let the keys read and send direct messages. In X's developer console set the app's permissions to "
    "'Read and write and Direct message', then make a new access_token and access_token_secret; a user_token needs the "
    "scopes dm.read and dm.write. Or set direct = false."
)

_TAKES_NONE = "X does not let us write to this person: they take no direct messages from us."

_NOT_HIDDEN = (
    "X lets an account hide replies in its own conversations only, and this is not one of them. (A user_token also "
    "needs the scope tweet.moderate.write.)"
)

_ERRORS = ErrorMapper(
    name="X",
    unsure=frozenset({HTTPStatus.REQUEST_TIMEOUT}),
    lost={
        HTTPStatus.UNAUTHORIZED: "X does not accept the keys: they are wrong or were withdrawn, or this machine's "
        "clock is wrong. Make new ones in X's developer console and set consumer_key, consumer_secret, access_token "
        "and access_token_secret (or user_token).",
        HTTPStatus.PAYMENT_REQUIRED: "X's credits are used up: nothing can be posted or read. Buy credits in X's "
        "developer console.",
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "The proxy does not let us through. Check the setting proxy.",
    },
)


def to_error(
    error: Exception, *, now: datetime, posting: bool = False, call: CallKind = "read", body: object = None
) -> PlatformError:
    """The error for a call, and what to do next. `posting`: the call would have posted, or sent a direct message.

    `body` is that of X's own refusal, for its code.
    """
    if isinstance(error, tweepy.HTTPException):
        found = _refusal(error, now, posting=posting, call=call)
        found.code = "/".join(filter(None, (str(error.response.status), _code(error.api_codes, body))))
        return found
    if isinstance(error, aiohttp.ContentTypeError):  # a page of X's servers, or of a proxy or firewall on the way
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            found = _too_many(error.headers or {}, "", now)
            found.code = str(error.status)
            return found
        return _judged(error.status, own=False, posting=posting)
    return _ERRORS.from_exception(error, posting=posting)


def _refusal(error: Any, now: datetime, *, posting: bool, call: CallKind) -> PlatformError:  # noqa: ANN401 -- tweepy's
    """X's own refusal, in JSON."""
    status, words = error.response.status, _words(error.api_messages)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(error.response.headers, words, now)
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(words, call)
    if status == HTTPStatus.NOT_FOUND and call == "hide":
        return PlatformError("The post that this is about is gone from X.", permanent=True)
    found = _judged(status, reason=_after_colon(words), posting=posting)
    found.too_long = found.permanent and call == "post" and status in _MAY_BE_TOO_LONG
    return found


def _judged(status: int, *, own: bool = True, reason: str = "", posting: bool) -> PlatformError:
    error = _ERRORS.from_status(status, own=own, reason=reason, posting=posting)
    error.ambiguous = error.ambiguous or (posting and status in _UNSURE)
    return error


def _forbidden(words: str, call: CallKind) -> PlatformError:
    """403, told apart by X's own text and by the purpose of the call."""
    said = words.casefold()
    if "duplicate content" in said:
        return DuplicateError("X has this very text already. Change the wording.", permanent=True)
    if call == "message" and (says := _no_direct_message(said)):
        return PlatformError(says, permanent=True)
    refusal = next((one for phrases, one in _FORBIDDEN if any(phrase in said for phrase in phrases)), None)
    if refusal:
        return refusal.error()
    if call == "hide":
        return PlatformError(_NOT_HIDDEN, permanent=True)
    return PlatformError(f"X does not allow this{_after_colon(words)}.", permanent=True)


def _no_direct_message(said: str) -> str:
    """Why a direct message was refused; empty if the reason isn't about direct messages."""
    if "oauth1 app permissions" in said or "scope" in said or said in {"", "forbidden", "forbidden forbidden"}:
        return _NO_DIRECT_MESSAGES
    return _TAKES_NONE if "permission to dm" in said or "cannot send messages" in said else ""


def _too_many(headers: Mapping[str, str], words: str, now: datetime) -> PlatformError:
    """429: too fast, or a cap on all use. Without a sensible time at which it is over, one odd answer proves little."""
    if "usage cap" in words.casefold():
        says = "X says that its usage cap is reached. See the spending limit in X's developer console."
    else:
        says = "X has been asked too often for now."
    wait = _wait(headers, now)
    until = f" It takes calls of this kind again at {now + timedelta(seconds=wait):%H:%M:%S} UTC." if wait else ""
    return PlatformError(f"{says}{until}", retry_after=wait)


def _wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until X may be asked again, by X's own clock where it tells; None if no header says so sensibly."""
    reset = headers.get("x-rate-limit-reset", "")
    if reset.isascii() and reset.isdigit():
        wait = int(reset) - (server_time(headers) or now).timestamp()
    else:
        wait = retry_after(headers, now) or 0.0
    return max(1.0, wait) if 0.0 < wait <= _LONGEST_WAIT else None


def _code(codes: list[Any], body: object) -> str:
    """X's own code for a refusal: a number, or the last part of its problem's type. Empty if it has none."""
    told = codes[0] if codes else body.get("type", "") if isinstance(body, dict) else ""
    code = str(told).rpartition("/")[2]
    return code if _CODE.fullmatch(code) else ""


def _words(told: list[Any]) -> str:
    """X's own reason on one line, cut."""
    line = " ".join("".join(one if one.isprintable() else " " for one in " ".join(map(str, told))).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _after_colon(words: str) -> str:
    return f": {words.rstrip('.')}" if words else ""
