"""The socket that the room listens on, and why it can't have one. No library is needed for it, so `doctor` is quick."""

from __future__ import annotations

import errno
import socket

from adapters.room.connections import BACKLOG
from bot.errors import SetupError


def bind(host: str, port: int, place: str) -> socket.socket:
    """A listening socket. Raises SetupError, with the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SetupError(_remedy(error, host, port, place)) from error


def _remedy(error: OSError, host: str, port: int, place: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; set another under [places.{place}]"
    if error.errno == errno.EACCES:
        return f"port {port} needs special rights; set one above 1023 under [places.{place}]"
    return f"cannot listen on '{host}' port {port} ({error.strerror}); set another host under [places.{place}]"
