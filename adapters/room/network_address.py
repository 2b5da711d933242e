"""The network address of a visitor, as the limits count it. Nothing is stored here."""

from __future__ import annotations

import ipaddress

from starlette.requests import Request

_HOUSEHOLD_BITS = 64
"""The prefix of an IPv6 address that one household shares (RFC 6177)."""


def address(request: Request) -> str:
    """The caller's network address: an IPv4 address, or the household's prefix of an IPv6 one."""
    return household(request.client.host if request.client else "")


def household(host: str) -> str:
    """The same for an address as text; any other text is returned as it is."""
    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(given, ipaddress.IPv6Address):
        return str(given.ipv4_mapped or ipaddress.ip_network((given, _HOUSEHOLD_BITS), strict=False))
    return host
