"""The secret of each chat, with which people's ids are made anew for everything that leaves the store."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from bot.store.chats import get_fact

_BYTES = 32


def chat_secret(connection: Connection, chat: str) -> bytes:
    """The secret of a chat. It is made when it is first asked for, so the connection has to be able to write."""
    return bytes.fromhex(get_fact(connection, f"ids {chat}", lambda: secrets.token_hex(_BYTES)) or "")
