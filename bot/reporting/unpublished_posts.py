"""Ids made anew for the messages of a chat that are not published, wherever others refer to them. Pure.

A platform's own id of a post leads to the post, its words and its author. What replies to it, or quotes it, is still
tied to the same question, and to the same message when a published log is read back.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bot.live.unnamed_people import UnnamedPeople, Unnaming
from bot.messages import AnyEvent
from bot.messages.keyed_ids import ID_FIELDS
from bot.messages.keyed_ids import Key as MakeKeyed
from bot.reporting.event_fold import EventFold, Key


class UnpublishedPosts:
    """The messages of a folded log that are not published. Without `keyed` their ids stay as they are."""

    def __init__(self, fold: EventFold, hidden: frozenset[Key], keyed: MakeKeyed | None = None) -> None:
        self._keyed = keyed
        if keyed is None or not hidden:
            self._keyed = None
            return
        versions = fold.all_versions
        self._hidden = {(key[0], id) for key in hidden for id in (key[1], *versions.get(key, ()))}
        posts = {id: keyed(id) for _, id in self._hidden}
        posts |= {url: keyed(key[1]) for key in hidden if (url := fold.messages[key].url)}
        shown = {id for key in fold.messages.keys() - hidden for id in (key[1], *versions.get(key, ()))}
        kept = frozenset(shown | {id for _, id in fold.posted})
        self._in_words = Unnaming(UnnamedPeople(handles={}, names={}, posts=posts, kept_posts=kept))

    def id(self, key: Key) -> str:
        """The id of a message as it may be published."""
        return self._keyed(key[1]) if self._keyed is not None and key in self._hidden else key[1]

    def text(self, text: str) -> str:
        """A text without links to such messages."""
        return self._in_words.text(text) if self._keyed is not None and "/" in text else text

    def event(self, event: AnyEvent) -> AnyEvent:
        """An event that refers to such messages by ids made anew."""
        if self._keyed is None:
            return event
        changes: dict[str, Any] = {}
        for name, where in ID_FIELDS.items():
            if found := getattr(event, name, None):
                changes[name] = self.id((getattr(event, where, None) or event.place, found))
        if versions := getattr(event, "versions", ()):
            changes["versions"] = tuple(self.id((event.place, id)) for id in versions)
        return msgspec.structs.replace(event, **changes) if changes else event
