"""Convenor hosts scheduled chats. It knows no platform; the adapters do."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """The version of this program; empty if it was never installed."""
    from importlib import metadata  # noqa: PLC0415 -- it takes a tenth of the time of a short verb, and is seldom needed

    try:
        return metadata.version("convenor")
    except metadata.PackageNotFoundError:
        return ""
