"""From X's refusals and the network's failures into ours, in plain words. Pure: `now` is an argument.

What X says is passed on in part; it may quote a request of ours, but never what a participant wrote or a secret.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

import aiohttp
import tweepy

from bot.errors import PlatformError

TROUBLE: tuple[type[Exception], ...] = (
    tweepy.TweepyException,
    aiohttp.ClientError,
    OSError,
    ValueError,
    RecursionError,
)
"""All that tweepy and the network raise while a call is under way. A TimeoutError is an OSError."""

CallKind = Literal["ask", "post", "hide", "letter"]
"""What a call was for: to read, to post, to hide or show a reply, to read or send a direct message."""

_CAPPED = 900.0
"""Seconds to wait where X does not say how long: the length of its windows."""

_LONGEST = 200
"""Characters of X's own words."""

_STRANGE = "X answered something that we do not understand."


class DuplicateError(PlatformError):
    """X says that it has this very text already."""


class UnsentError(aiohttp.ClientError):
    """The request never left this machine, so nothing was done."""


class _Reason(NamedTuple):
    """A refusal that we know by one of its phrases, and what we say of it."""

    phrases: tuple[str, ...]
    says: str
    lost: bool = False


_FORBIDDEN = (
    _Reason(
        ("oauth1 app permissions",),
        "X's keys may only read. In X's developer console set the app's permissions to 'Read and write', then make a "
        "new access_token and access_token_secret: the old ones stay as they are.",
        lost=True,
    ),
    _Reason(
        ("your account is suspended", "your account has been suspended", "account is locked", "temporarily locked"),
        "X has suspended or locked the account. Log in at https://x.com as the bot and follow what X asks.",
        lost=True,
    ),
    _Reason(
        ("attached to a project", "client-not-enrolled", "unsupported authentication", "oauth 2.0 application-only"),
        "X does not let this app in. Put it into a project with pay-per-use access in X's developer console.",
        lost=True,
    ),
    _Reason(
        ("deleted or not visible",),
        "The post that this answers is gone from X, or X does not show it to us.",
    ),
    _Reason(
        ("reply to this conversation is not allowed", "not been mentioned", "who can reply"),
        "X does not allow this reply: a bot may answer only those who mentioned it or answered it.",
    ),
)
"""Why X answers 403. X gives these no codes of their own; the phrases are as X wrote them in 2026."""

_NO_LETTERS = (
    "X does not let the keys read and send direct messages. In X's developer console set the app's permissions to "
    "'Read and write and Direct message', then make a new access_token and access_token_secret; a user_token needs the "
    "scopes dm.read and dm.write. Or set direct = false."
)

_NOT_TO_THEM = "X does not let us write to this person: they take no direct messages from us."

_NOT_HIDDEN = (
    "X lets an account hide replies in its own conversations only, and this is not one of them. (A user_token also "
    "needs the scope tweet.moderate.write.)"
)

_LOST: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "X does not accept the keys: they are wrong or were withdrawn, or this machine's clock is "
    "wrong. Make new ones in X's developer console and set consumer_key, consumer_secret, access_token and "
    "access_token_secret (or user_token).",
    HTTPStatus.PAYMENT_REQUIRED: "X's credits are used up: nothing can be posted or read. Buy credits in X's developer "
    "console.",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "The proxy does not let us through. Check the setting proxy.",
}
"""What somebody has to put right, by status, whoever answered."""


def to_error(error: Exception, *, now: datetime, posting: bool = False, call: CallKind = "ask") -> PlatformError:
    """What went wrong, and what to do next. `posting`: the call would have put a post or a direct message there."""
    if isinstance(error, tweepy.HTTPException):
        return _refusal(error, now, posting=posting, call=call)
    if isinstance(error, aiohttp.ContentTypeError):
        return _page(error.status, now, posting=posting)
    if isinstance(error, UnsentError | aiohttp.ClientConnectorError):
        return PlatformError("X cannot be reached. Check the network, and the settings api_url and proxy.")
    if isinstance(error, TimeoutError):
        return PlatformError("X did not answer in time.", ambiguous=posting)
    known = isinstance(error, aiohttp.ClientError | OSError)
    return PlatformError("The connection to X broke before its answer came." if known else _STRANGE, ambiguous=posting)


def _refusal(error: Any, now: datetime, *, posting: bool, call: CallKind) -> PlatformError:  # noqa: ANN401 -- tweepy's
    """X's own refusal, in JSON."""
    status, words = error.response.status, _words(error.api_messages)
    if says := _LOST.get(status):
        return PlatformError(says, lost=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(getattr(error, "reset_time", None), now)
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(words, call)
    if status == HTTPStatus.NOT_FOUND and call == "hide":
        return PlatformError("The post that this is about is gone from X.", permanent=True)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return PlatformError(f"X does not take this request (HTTP {status}){_after_colon(words)}.", permanent=True)
    return _broken(status, posting=posting)


def _page(status: int, now: datetime, *, posting: bool) -> PlatformError:
    """Not JSON: a page of X's servers, or of something on the way."""
    if says := _LOST.get(status):
        return PlatformError(says, lost=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(None, now)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _elsewhere(status)
    return _broken(status, posting=posting)


def _forbidden(words: str, call: CallKind) -> PlatformError:
    """403, told apart by what X says, and by what it was asked."""
    said = words.casefold()
    if "duplicate content" in said:
        return DuplicateError("X has this very text already. Change the wording.", permanent=True)
    if call == "letter" and (says := _no_letter(said)):
        return PlatformError(says, permanent=True)
    reason = next((one for one in _FORBIDDEN if any(phrase in said for phrase in one.phrases)), None)
    if call == "hide" and reason is None:
        return PlatformError(_NOT_HIDDEN, permanent=True)
    if reason:
        return PlatformError(reason.says, lost=reason.lost, permanent=not reason.lost)
    return PlatformError(f"X does not allow this{_after_colon(words)}.", permanent=True)


def _no_letter(said: str) -> str:
    """Why a direct message was refused; empty where that is about more than direct messages."""
    if "oauth1 app permissions" in said or "scope" in said or said in {"", "forbidden", "forbidden forbidden"}:
        return _NO_LETTERS
    return _NOT_TO_THEM if "permission to dm" in said or "cannot send messages" in said else ""


def _too_many(reset: int | None, now: datetime) -> PlatformError:
    """429: too fast, with a time at which it is over; or a cap on all use, without one."""
    if reset is None:
        says = "X's usage cap is reached. See the spending limit in X's developer console."
        return PlatformError(says, retry_after=_CAPPED)
    return PlatformError("X has been asked too often for now.", retry_after=max(1.0, reset - now.timestamp()))


def _elsewhere(status: int) -> PlatformError:
    """A page that X does not send: a proxy's, a firewall's."""
    return PlatformError(
        f"Something answered in X's place (HTTP {status}). Check the network, and the settings api_url and proxy."
    )


def _broken(status: int, *, posting: bool) -> PlatformError:
    """X failed in the middle of it, and may have done what we asked; or we were sent elsewhere, and it has not."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _elsewhere(status)
    says = f"X has a fault of its own (HTTP {status})." if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _STRANGE
    return PlatformError(says, ambiguous=posting)


def _words(told: list[Any]) -> str:
    """X's own reason on one line, cut."""
    line = " ".join("".join(one if one.isprintable() else " " for one in " ".join(map(str, told))).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _after_colon(words: str) -> str:
    return f": {words.rstrip('.')}" if words else ""
