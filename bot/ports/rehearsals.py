"""Rehearsals that the team starts from its page: each a process of its own, which the room serves under an address.

Values and a protocol only. A rehearsal is known to the process that started it, and to no other.
"""

from __future__ import annotations

from typing import Protocol

from bot.messages import Time, Value

SERIES = "rehearsal"
"""The first part of the address of every rehearsal: `/rehearsal/<id>`. No series of chats can be called so."""


def is_rehearsal(chat: str) -> bool:
    """Whether a chat is a rehearsal that the team started."""
    return chat.startswith(f"{SERIES}/")


def lead_path(chat: str, key: str) -> str:
    """The path of a private link to a rehearsal."""
    return f"/{chat}/lead/{key}"


class TeamRehearsal(Value, frozen=True, kw_only=True):
    """A rehearsal of `chat`. Who knows its `id` can take part; who knows `lead` as well, can lead it.

    `room` is the address on this machine at which its process serves it, and `host_path` the path there that opens the
    host's page; both are empty until it serves. It ends by itself, at the latest at `ends`.
    """

    id: str
    lead: str
    chat: str
    speed: float
    by: str
    began: Time
    ends: Time
    room: str = ""
    host_path: str = ""

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/{SERIES}/{self.id}"

    @property
    def lead_path(self) -> str:
        """The path that opens the host's page; as secret as a private link."""
        return lead_path(f"{SERIES}/{self.id}", self.lead)


class Rehearsals(Protocol):
    """The rehearsals of this process."""

    def of_chat(self, chat: str) -> TeamRehearsal | None:
        """The rehearsal of a chat that is on."""

    def trouble(self, chat: str) -> str:
        """Why the last rehearsal of a chat did not come to its end; empty if it did, or if there was none."""

    async def start(self, chat: str, *, speed: float, pretend: bool, by: str, session: str = "") -> TeamRehearsal:
        """Start a rehearsal, `speed` times as fast as the real hour; the one that is on, if there is one.

        It is of the `session` with this name, where the chat has several; empty: of the first. With `pretend`
        participants, where the schedules have any. Returns before it serves. Raises TeamError.
        """

    async def ready(self, id: str) -> TeamRehearsal | None:
        """The rehearsal with this id, once it serves; None if there is none, or if it is over."""

    async def stop(self, chat: str) -> None:
        """End the rehearsal of a chat, if one is on."""
