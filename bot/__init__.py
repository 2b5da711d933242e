"""Convenor: hosts scheduled chats. Knows no platform; the adapters do."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The version of this program; empty if it was never installed."""
    try:
        return metadata.version("convenor")
    except metadata.PackageNotFoundError:
        return ""
