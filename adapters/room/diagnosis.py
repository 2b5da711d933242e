"""The diagnosis of a room: whether its address is free, its secret is good, and enough files may be open.

It needs the settings alone, not the room with its libraries. Nothing stays open.
"""

from __future__ import annotations

from adapters.room.connections import OpenFiles, open_files
from adapters.room.listening_socket import bind
from adapters.room.settings import RoomSettings
from bot.errors import SetupError
from bot.ports.platform import Diagnosis

_SHORTEST, _LEAST_DIFFERENT = 32, 12
"""Characters of a secret, and how many of them have to differ. A shorter one could be found by trying."""
_ENOUGH = 500
"""Connections. With fewer, a well visited chat would be full."""


def diagnose(settings: RoomSettings, place: str, address: str = "") -> tuple[Diagnosis, ...]:
    """All that is said of a room. `address`: where it is open already; empty if it isn't. Raises SetupError.

    Errors are those of settings that can't work.
    """
    settings.check()
    found = _open_found(address) if address else _address_found(settings, place)
    return (found, *secret_found(settings.secret), files_found(open_files()))


def _open_found(address: str) -> Diagnosis:
    return Diagnosis(level="ok", text=f"It is open at {address}.")


def _address_found(settings: RoomSettings, place: str) -> Diagnosis:
    """Where the address is taken, that may be by this bot, running already."""
    try:
        bind(settings.host, settings.port, place).close()
    except SetupError as error:
        text = f"{error} If `convenor run` is running, that is how it should be."
        return Diagnosis(level="doubt", text=text)
    return Diagnosis(level="ok", text=f"Its address can be had: {settings.host}, port {settings.port or 'any'}.")


def secret_found(secret: str) -> tuple[Diagnosis, ...]:
    """Whether a secret of the settings is one; nothing where there is none, because then the bot makes one."""
    if not secret or (len(secret) >= _SHORTEST and len(set(secret)) >= _LEAST_DIFFERENT):
        return ()
    text = "Its secret is weak: whoever finds it by trying can write in other people's names."
    remedy = f"Take {_SHORTEST} random characters or more (`openssl rand -base64 32`), or leave it out."
    return (Diagnosis(level="wrong", text=text, remedy=remedy),)


def files_found(files: OpenFiles) -> Diagnosis:
    """Whether the process may open enough files for its visitors, once it has raised its limit."""
    visitors = OpenFiles(files.at_most, files.at_most).visitors
    text = f"{visitors} connections may be open at once: this process may have {files.at_most} files open."
    if visitors < _ENOUGH:
        return Diagnosis(level="doubt", text=text, remedy="Raise the limit: LimitNOFILE in the unit, or `ulimit -Hn`.")
    return Diagnosis(level="ok", text=text)
