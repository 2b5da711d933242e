"""The client with which a rehearsal's pretend participants use the room.

A module of its own, because it loads an HTTP client, which no other verb needs.
"""

from adapters.room.browser_client import BrowserClient

__all__ = ["BrowserClient"]
