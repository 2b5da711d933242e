"""X's refusals and the network's failures as PlatformErrors, in plain words. Pure: `now` is an argument.

A part of X's own text is passed on; it may quote a request of ours, but never a participant's words or a secret.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
import tweepy

from adapters.kit.errors import ErrorMapper, Refusal, final, lost
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

_CAPPED = 900.0
"""Seconds to wait if X doesn't say how long: the length of its windows."""

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
    lost={
        HTTPStatus.UNAUTHORIZED: "X does not accept the keys: they are wrong or were withdrawn, or this machine's "
        "clock is wrong. Make new ones in X's developer console and set consumer_key, consumer_secret, access_token "
        "and access_token_secret (or user_token).",
        HTTPStatus.PAYMENT_REQUIRED: "X's credits are used up: nothing can be posted or read. Buy credits in X's "
        "developer console.",
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "The proxy does not let us through. Check the setting proxy.",
    },
)


def to_error(error: Exception, *, now: datetime, posting: bool = False, call: CallKind = "read") -> PlatformError:
    """The error for a call, and what to do next. `posting`: the call would have posted, or sent a direct message."""
    if isinstance(error, tweepy.HTTPException):
        return _refusal(error, now, posting=posting, call=call)
    if isinstance(error, aiohttp.ContentTypeError):  # a page of X's servers, or of a proxy or firewall on the way
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            return _too_many(None, now)
        return _ERRORS.from_status(error.status, own=False, posting=posting)
    return _ERRORS.from_exception(error, posting=posting)


def _refusal(error: Any, now: datetime, *, posting: bool, call: CallKind) -> PlatformError:  # noqa: ANN401 -- tweepy's
    """X's own refusal, in JSON."""
    status, words = error.response.status, _words(error.api_messages)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(getattr(error, "reset_time", None), now)
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(words, call)
    if status == HTTPStatus.NOT_FOUND and call == "hide":
        return PlatformError("The post that this is about is gone from X.", permanent=True)
    return _ERRORS.from_status(status, reason=_after_colon(words), posting=posting)


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


def _too_many(reset: int | None, now: datetime) -> PlatformError:
    """429: too fast, with a time at which it is over; or a cap on all use, without one."""
    if reset is None:
        says = "X's usage cap is reached. See the spending limit in X's developer console."
        return PlatformError(says, retry_after=_CAPPED)
    return PlatformError("X has been asked too often for now.", retry_after=max(1.0, reset - now.timestamp()))


def _words(told: list[Any]) -> str:
    """X's own reason on one line, cut."""
    line = " ".join("".join(one if one.isprintable() else " " for one in " ".join(map(str, told))).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _after_colon(words: str) -> str:
    return f": {words.rstrip('.')}" if words else ""
