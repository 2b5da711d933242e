"""Concerns: how those who lead a chat learn that something in it did not work, at once and on every way we have.

A concern is in the log, in `convenor status`, on the host's page, and in a private message to those whose account is
known. The place monitor stores it; here are its words, and to whom they go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from bot import private_notices
from bot.commands.role_lookup import Roles
from bot.listening.resync_words import mostly_gone
from bot.live import receipts
from bot.live.notifications import Notifications
from bot.messages import Post
from bot.ports.platform import Platform
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import people
from bot.store.place_status import Concern
from bot.store.planned_posts import PlannedPost
from bot.store.resyncs import Tally
from bot.translation import translated


class Concerns:
    """The concerns of all places. Made once the places are, and connected with the monitor at once."""

    def __init__(
        self, monitor: PlaceMonitor, *, places: Mapping[str, Platform], roles: Roles, notifications: Notifications
    ) -> None:
        self._monitor, self._places, self._roles = monitor, places, roles
        monitor.concern_notices = self._notices
        monitor.on_concern = lambda chat: notifications.notify(chat, "state")

    def post_failed(self, post: Post, reason: str) -> None:
        """A post will not be tried again. One to a person alone is nobody else's concern."""
        if post.to is None:
            text = private_notices.post_refused(post.key, post.kind, self._called(post.place), reason)
            self._monitor.raise_concern(post.place, f"refused-{post.key}", text, post.chat)

    def budget_used_up(self, place: str, chat: str | None, cap: str) -> None:
        """The budget for reading is used up. `cap` is `chat` or `month`."""
        text = private_notices.budget_used_up(self._called(place), cap, place)
        self._monitor.raise_concern(place, f"cap-{cap}", text, chat)

    def mostly_gone(self, place: str, chat: str, tally: Tally | None) -> None:
        """A platform says that most of a chat's messages are gone; None: that is over."""
        if tally is None:
            self._monitor.settle_concern(place, "gone", chat)
            return
        text = translated(mostly_gone(tally, self._called(place), chat))
        self._monitor.raise_concern(place, "gone", text, chat)

    def _called(self, place: str) -> str:
        return self._places[place].traits.called or place

    def _notices(self, connection: Connection, concern: Concern) -> Iterable[PlannedPost]:
        """Private posts to those who lead the concern's chat. Nobody gets one who told the bot to stop."""
        if concern.chat is None:
            return
        stopped = people.silenced_people(connection)
        for person in self._roles.leader_accounts(concern.chat):
            known = self._places.get(person[0])
            if known and known.traits.features.private and person not in stopped:
                yield receipts.concern_notice(concern.chat, concern.key, concern.text, person, concern.at)
