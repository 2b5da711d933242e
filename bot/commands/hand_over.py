"""Whom the lead of a chat can be handed to, as the host's page lists them. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.live.live_chats import LiveChat
from bot.ports.platform import Traits
from bot.ports.views import PersonView
from bot.store import participants

_MOST = 50
"""People that are listed."""


def candidates(connection: Connection, live: LiveChat, places: Mapping[str, Traits]) -> tuple[PersonView, ...]:
    """The people who joined or wrote last, latest first, except those who were handed the lead already."""
    found = participants.latest(connection, live.chat.name, _MOST)
    return tuple(
        PersonView(
            place=one.place,
            called=places[one.place].called or one.place if one.place in places else one.place,
            author=one.author,
            at=one.at,
        )
        for one in found
        if (one.place, one.author.id) not in live.state.hosts
    )
