"""What `convenor doctor` says of the room besides its address. Pure."""

from __future__ import annotations

from adapters.room.connections import OpenFiles
from bot.ports.platform import Diagnosis

_SHORTEST, _LEAST_DIFFERENT = 32, 12
"""Characters of a secret, and how many of them have to differ. A shorter one could be found by trying."""
_ENOUGH = 500
"""Connections. With fewer, a well visited chat would be full."""


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
