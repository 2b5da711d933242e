"""The people who lead a chat or could be handed the lead, as the host's page lists them. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.live.live_chats import LiveChat
from bot.ports.platform import Traits
from bot.ports.views import LeaderView, PersonView
from bot.store import participants, private_links
from bot.store.chats import StoredChat

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


def leaders(connection: Connection, stored: StoredChat, now: datetime) -> tuple[LeaderView, ...]:
    """Those who lead: hosts of the chat file, holders of hosts' links, and who was handed the lead. Each name once."""
    state, chat = stored.state, stored.chat
    links = private_links.host_links(connection, chat.name, now)
    names = [(one.name, False) for one in chat.hosts]
    names += [(name, id in state.handed_links) for id, name in links.items()]
    names += [(name, True) for name in participants.names(connection, chat.name, state.hosts)]
    found: dict[str, bool] = {}
    for name, is_handed in names:
        found.setdefault(name, is_handed)
    return tuple(LeaderView(name=name, handed=is_handed) for name, is_handed in found.items())
