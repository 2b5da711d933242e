"""Failed calls as PlatformErrors: one mapper for every HTTP platform, in the platform's own words.

Pure. It knows statuses and broken connections. Refusals that only one platform has are tables of that platform's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import msgspec

from bot.errors import PlatformError
from bot.messages import Value
from bot.ports.platform import Diagnosis


class UnsentError(aiohttp.ClientError):
    """The request never left this machine, so nothing was done."""


class Refusal(Value, frozen=True, kw_only=True):
    """A reason a platform gives for saying no.

    `lost`: nothing works until a person acts; `permanent`: not for this post; neither: try again later.
    """

    text: str
    lost: bool = False
    permanent: bool = False

    def error(self, reason: str = "") -> PlatformError:
        """The refusal as an error; `reason` is appended, in the platform's own words."""
        return PlatformError(f"{self.text}{reason}", lost=self.lost, permanent=self.permanent)


def lost(text: str) -> Refusal:
    """A refusal that ends the place until a person acts."""
    return Refusal(text=text, lost=True)


def final(text: str) -> Refusal:
    """A refusal of this one post."""
    return Refusal(text=text, permanent=True)


_NETWORK = "Check the network, and the settings api_url and proxy."

_LOST: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "{name} does not accept the token or key. Make a new one, and put it into the settings.",
    HTTPStatus.PAYMENT_REQUIRED: "{name} wants to be paid first.",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "The proxy does not let us through. Check the setting proxy.",
}


class ErrorMapper(Value, frozen=True, kw_only=True):
    """The errors of one platform, from its `name` and the texts people read; each text has a default.

    Texts may use `{name}`, `{status}` and `{kind}` (the error's class). `lost` has a text for each status that ends the
    place, `unsure` the statuses below 500 after which the call may still have been carried out.
    """

    name: str
    unreachable: str = "{name} cannot be reached. " + _NETWORK
    misrouted: str = "{name} cannot be reached. " + _NETWORK
    silent: str = "{name} did not answer in time."
    broken: str = "The connection to {name} broke before its answer came."
    busy: str = "{name} has been asked too often for now."
    trouble: str = "{name} has a fault of its own (HTTP {status})."
    elsewhere: str = "Something answered in {name}'s place (HTTP {status}). " + _NETWORK
    refused: str = "{name} does not take this request (HTTP {status}){reason}."
    strange: str = "{name} answered something that we do not understand."
    lost: Mapping[int, str] = msgspec.field(default_factory=lambda: _LOST)
    unsure: frozenset[int] = frozenset()

    def from_status(
        self,
        status: int,
        *,
        own: bool = True,
        known: Refusal | None = None,
        reason: str = "",
        code: str = "",
        wait: float | None = None,
        posting: bool = True,
    ) -> PlatformError:
        """The error for an answer that is no success.

        `own`: the platform answered, and no proxy or firewall; `known` is its refusal where we know it, else `reason`
        its words, and `code` its own code for it. `wait`: seconds until it may be asked again. `posting`: the call may
        have put something there.
        """
        error = self._judged(status, own=own, known=known, reason=reason, wait=wait, posting=posting)
        error.code = f"{status}/{code}" if code else str(status)
        return error

    def _judged(  # noqa: PLR0911 -- one return for each kind
        self, status: int, *, own: bool, known: Refusal | None, reason: str, wait: float | None, posting: bool
    ) -> PlatformError:
        if text := self.lost.get(status):
            return PlatformError(self._text(text, status), lost=True)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return PlatformError(self._text(self.busy), retry_after=wait)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in self.unsure:
            return PlatformError(self._text(self.trouble, status), ambiguous=posting)
        if known:
            return known.error(reason)
        if own and status >= HTTPStatus.BAD_REQUEST:
            return PlatformError(self._text(self.refused, status, reason=reason), permanent=True)
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            return PlatformError(self._text(self.elsewhere, status))
        return PlatformError(self._text(self.strange, status), ambiguous=posting)

    def from_exception(self, error: BaseException, *, posting: bool = True) -> PlatformError:  # noqa: PLR0911 -- as above
        """The error for a call without an answer, or with one that makes no sense."""
        match error:
            case PlatformError():
                return error
            case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError() | aiohttp.InvalidURL():
                return PlatformError(self._text(self.misrouted))
            case UnsentError() | aiohttp.ClientConnectorError() | aiohttp.WSServerHandshakeError():
                return PlatformError(self._text(self.unreachable))
            case ConnectionRefusedError():
                return PlatformError(self._text(self.unreachable))
            case TimeoutError():
                return PlatformError(self._text(self.silent), ambiguous=posting)
            case aiohttp.ClientError() | OSError() | EOFError():
                return PlatformError(self._text(self.broken), ambiguous=posting)
        return PlatformError(self._text(self.strange, kind=type(error).__name__), ambiguous=posting)

    def _text(self, template: str, status: int = 0, *, reason: str = "", kind: str = "") -> str:
        return template.format(name=self.name, status=status, reason=reason, kind=kind)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from a Retry-After header that has seconds or a date; None without one."""
    wanted = str(headers.get("Retry-After", ""))
    try:
        return max(0.0, float(wanted))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(wanted) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The time of an answer by the clock of the one who gave it, from its Date header; None without one."""
    try:
        at = parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def clock_drift(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds between our clock and the Date header of an answer; None without one."""
    at = server_time(headers)
    return None if at is None else abs((at - now).total_seconds())


def diagnosis_of(error: PlatformError) -> Diagnosis:
    """A failed call as a finding of `diagnose`: `wrong` if a person has to act, else `doubt`."""
    return Diagnosis(level="wrong" if error.lost or error.permanent else "doubt", text=str(error))
