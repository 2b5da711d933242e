"""Refusals by WordPress, or by something in front of it, in words for its operators, with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from adapters.kit.errors import ErrorMapper, Refusal, final, lost
from bot.errors import PlatformError

_ACCOUNT = (
    "WordPress does not accept the user and the application password. Make a new one there, under Users, Profile, "
    "Application Passwords, and put it into [wordpress]. The site has to be reached by https."
)
_ROLE = "The account in [wordpress] may not write posts there. Give it the role Author or Editor."
_OFF = (
    "WordPress has no REST API at this address. Check `address` in [wordpress]; in WordPress, choose any permalinks "
    "but Plain, and see whether a security plug-in switches the REST API off."
)
_GUARD = (
    "A security plug-in or firewall answered in WordPress's place (HTTP {status}). Let the REST API through for this "
    "machine."
)

MAPPER = ErrorMapper(
    name="WordPress",
    unreachable="WordPress cannot be reached. Check the network, and `address` in [wordpress].",
    misrouted="WordPress cannot be reached. Check the network, and `address` in [wordpress].",
    elsewhere=_GUARD,
    strange="Something answered in WordPress's place with a page that is no answer. Let the REST API through.",
    lost={HTTPStatus.UNAUTHORIZED: _ACCOUNT},
    unsure=frozenset({HTTPStatus.REQUEST_TIMEOUT}),
)

REFUSALS: Mapping[str, Refusal] = {
    "rest_no_route": lost(_OFF),
    "404": lost(_OFF),
    "rest_cannot_create": lost(_ROLE),
    "rest_cannot_edit": lost(_ROLE),
    "rest_cannot_edit_others": lost(_ROLE),
    "rest_forbidden_status": lost(_ROLE),
    "rest_forbidden_context": lost(_ROLE),
    "413": final("The transcript is too long for this WordPress. Paste transcript.wp.html there by hand."),
}
"""By WordPress's own code, or by the status where something else answered."""


def redirected(location: str) -> PlatformError:
    """An answer that sends elsewhere."""
    where = urlsplit(location)
    to = f" to {where.scheme}://{where.netloc}" if where.netloc else ""
    return PlatformError(f"WordPress redirects{to}. Put the address it redirects to into [wordpress].", lost=True)
