"""The live chats in memory: the bot's posts on each place, the timeline of questions, and which post a reply is to.

They are filled from the store at start, and updated as soon as a post's receipt comes, so that neither pages nor
attribution wait for a disk. They decide and store nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.chat import Chat
from bot.live.attribution import REPEATING_KINDS, Parent, QuestionTimeline
from bot.live.quotes import question_texts
from bot.live.resembling_accounts import ResemblingAccounts
from bot.messages import Image, Posted, Verdict
from bot.ports.views import ChatView, PostView
from bot.publication import USUAL_WAIT, Publication, is_concealed, publication
from bot.store.chats import ChatState
from bot.store.outbox_queries import Upcoming

_BEFORE, _AFTER = timedelta(hours=3), timedelta(hours=25)
"""How long before it opens and after it shuts a chat counts as near: people's handles are looked up two hours before,
and what became of its messages is looked at for a day."""

_NEAR_FOR = timedelta(hours=1)
"""How long the near chats stay the same, unless one is added or changed."""


class LiveChat:
    """One live chat: when people may write in it, the bot's posts on each place, and the times of posts to come.

    Written by the event loop and read by the inbox's thread: values that a reader may hold are replaced, never changed.
    `state` is how the chat differs from its file.
    """

    def __init__(
        self,
        chat: Chat,
        *,
        ends: datetime,
        places: tuple[str, ...],
        open_for: tuple[timedelta, timedelta],
        state: ChatState | None = None,
        publish_after: timedelta = USUAL_WAIT,
    ) -> None:
        self._open_before, self._open_after = open_for
        self._publish_after = publish_after
        self.state = state or ChatState()
        self.upcoming: tuple[Upcoming, ...] = ()
        self.counts: dict[str, int] = defaultdict(int)
        self._posts: dict[str, tuple[PostView, ...]] = {}
        self._timelines: dict[str, QuestionTimeline] = {}
        self._repeats: dict[tuple[str, str], str] = {}
        self.update(chat, ends, places)

    def update(self, chat: Chat, ends: datetime, places: tuple[str, ...], state: ChatState | None = None) -> None:
        """Apply a changed chat file, end or state. People may write from `opens` to `shuts`."""
        self.chat, self.ends, self.places = chat, ends, places
        self.state = state or self.state
        self.opens, self.shuts = chat.starts - self._open_before, ends + self._open_after
        self._timelines = {place: self._build_timeline(place) for place in self._posts}

    def is_on(self, moment: datetime) -> bool:
        """Whether it has begun and is not over; a chat that was called off is never on."""
        return self.chat.starts <= moment < self.ends and not self.state.cancelled

    def add_posts(self, place: str, posts: Iterable[tuple[PostView, str | None]]) -> None:
        """Add the bot's posts, each once, with the question that it makes current again, if any."""
        known = {one.id: one for one in self._posts.get(place, ())}
        new = {post.id: (post, repeats) for post, repeats in posts if post.id not in known}
        if new:
            self._repeats = self._repeats | {(place, id): repeats for id, (_, repeats) in new.items() if repeats}
            added = [*known.values(), *(post for post, _ in new.values())]
            self._posts = self._posts | {place: tuple(sorted(added, key=lambda one: one.at))}
            self._timelines = self._timelines | {place: self._build_timeline(place)}

    def change_post(self, place: str, id: str, text: str) -> None:
        """Change the text of one of the bot's posts."""
        posts = self._posts.get(place, ())
        changed = tuple(msgspec.structs.replace(one, text=text) if one.id == id else one for one in posts)
        self._posts = self._posts | {place: changed}

    def count_decision(self, question: str, before: Verdict, after: Verdict) -> None:
        """Count a moderator's decision about a message under a question: it counts while it is kept."""
        self.counts[question] += (after == "keep") - (before == "keep")

    def publication(self, now: datetime) -> Publication:
        """Whether the record is public, or when it will be."""
        asked = any(self.counts.values()) or any(
            one.kind == "question" for posts in self._posts.values() for one in posts
        )
        return publication(
            self.chat,
            self.state.publication,
            now=now,
            ends=self.ends,
            shuts=self.shuts,
            asked=asked,
            usual_wait=self._publish_after,
        )

    def posts(self, place: str) -> list[PostView]:
        """The bot's posts on a place, in order of time."""
        return list(self._posts.get(place, ()))

    def timeline(self, place: str) -> QuestionTimeline:
        """The questions asked on a place over time."""
        return self._timelines.get(place) or self._build_timeline(place)

    def _build_timeline(self, place: str) -> QuestionTimeline:
        """The timeline of a place. Before the first question it is the chat file's own, as in the record."""
        posts = self._posts.get(place, ())
        keys = frozenset(question.key for question in self.chat.questions)
        closed = next((one.at for one in posts if one.kind == "closing"), self.ends)
        keyed = ((one.at, self._repeats.get((place, one.id), one.key)) for one in posts)
        asked = tuple((at, key) for at, key in keyed if key in keys)
        planned = tuple((one.at, one.key) for one in self.chat.questions)
        posted = ((self._repeats.get((place, one.id), one.key), one.text) for one in posts)
        return QuestionTimeline(
            asked=asked or planned,
            ends=closed,
            keys=keys,
            letters=self.chat.marks,
            texts=question_texts(self.chat, (one for one in posted if one[0] in keys)),
        )


class LiveChats:
    """All chats. `by_name` may be read from any thread; `add` and `remove` replace it.

    There may be thousands: code that runs every second uses those `near`, not all.
    """

    def __init__(self) -> None:
        self.by_name: dict[str, LiveChat] = {}
        self.resembling = ResemblingAccounts()
        self._version = 0
        self._near: tuple[int, datetime, tuple[LiveChat, ...]] | None = None
        self._posts: dict[tuple[str, str], tuple[str | None, str]] = {}
        self._addresses: dict[str, tuple[str, str]] = {}

    def language(self, chat: str | None) -> str:
        """The language of a chat; empty for one that is not there."""
        live = self.by_name.get(chat or "")
        return live.chat.language if live else ""

    def add(self, *lives: LiveChat) -> None:
        """Add chats."""
        self.by_name = self.by_name | {live.chat.name: live for live in lives}
        self.times_changed()

    def remove(self, *names: str) -> None:
        """Remove chats for good."""
        self.by_name = {other: live for other, live in self.by_name.items() if other not in names}
        self.times_changed()

    def times_changed(self) -> None:
        """Note that a chat was added, removed or moved: `near` must be worked out again."""
        self._version += 1

    def near(self, now: datetime) -> tuple[LiveChat, ...]:
        """The chats that are open at `now`, will be soon, or were within the last day; others may be included."""
        version, known = self._version, self._near
        if known is None or known[0] != version or abs(now - known[1]) > _NEAR_FOR:
            before, after = _BEFORE + _NEAR_FOR, _AFTER + _NEAR_FOR
            found = (live for live in self.by_name.values() if live.opens - before <= now < live.shuts + after)
            self._near = known = version, now, tuple(found)
        return known[2]

    def add_post(self, posted: Posted, image: Image | None = None) -> None:
        """Add a post of the bot's to its chat."""
        self.add_posts([(posted, image)])

    def add_posts(self, all_posted: Iterable[tuple[Posted, Image | None]]) -> None:
        """Add posts of the bot's to their chats, each with its image."""
        found: dict[tuple[str, str], list[tuple[PostView, str | None]]] = defaultdict(list)
        for posted, image in all_posted:
            post = PostView(key=posted.key, kind=posted.kind, text=posted.text, at=posted.at, id=posted.id, image=image)
            self._posts[posted.place, posted.id] = (posted.chat, posted.repeats or posted.key)
            if posted.url:
                self._addresses[posted.url] = (posted.place, posted.id)
            if posted.chat in self.by_name:
                repeats = posted.repeats if posted.kind in REPEATING_KINDS else None
                found[posted.chat, posted.place].append((post, repeats))
        for (chat, place), posts in found.items():
            self.by_name[chat].add_posts(place, posts)

    def change_post(self, place: str, id: str, text: str) -> None:
        """Change the text of one of the bot's posts."""
        chat = self.chat_of_post(place, id)
        if chat in self.by_name:
            self.by_name[chat].change_post(place, id, text)

    def is_own_post(self, place: str, id: str) -> bool:
        """Whether this is one of the bot's posts."""
        return (place, id) in self._posts

    def chat_of_post(self, place: str, id: str) -> str | None:
        """The chat of one of the bot's posts; None for any other message."""
        return self._posts.get((place, id), (None, ""))[0]

    def parent(self, place: str, id: str) -> Parent | None:
        """The parent of a reply to one of the bot's posts; None for any other message."""
        found = self._posts.get((place, id))
        return Parent(question=found[1], is_question=True) if found else None

    def post_at(self, url: str) -> tuple[str, str] | None:
        """The place and id of the bot's post with this address."""
        return self._addresses.get(url)

    def open_chat(self, place: str, moment: datetime) -> str | None:
        """The chat that is open on a place at a moment.

        Of several, one that is on comes first, then one that was not called off, then one that has begun; then the
        latest.
        """
        found = [live for live in self.near(moment) if live.opens <= moment < live.shuts and place in live.places]
        best = max(found, key=lambda live: _fitness(live, moment), default=None)
        return best.chat.name if best else None

    def last_by_consent(self, place: str, moment: datetime) -> str | None:
        """The last chat on a place that has begun and has only those in its record who said yes."""
        asking = [one for one in self.by_name.values() if one.chat.publish == "consented" and place in one.places]
        begun = [one for one in asking if one.opens <= moment]
        return max(begun, key=lambda one: one.chat.starts).chat.name if begun else None


def _fitness(live: LiveChat, moment: datetime) -> tuple[bool, bool, bool, datetime]:
    starts = live.chat.starts
    return live.is_on(moment), not live.state.cancelled, starts <= moment, starts


def chat_view_of(live: LiveChat, now: datetime) -> ChatView:
    """The view of a chat that a page shows."""
    chat = live.chat
    return ChatView(
        chat=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        hosts=tuple(host.name for host in chat.hosts),
        link=chat.link,
        starts=chat.starts,
        ends=live.ends,
        timezone=chat.timezone,
        opens=live.opens,
        shuts=live.shuts,
        questions=len(chat.questions),
        state=_state(live, now),
        next_at=_next(live, "question", now),
        closes_at=_next(live, "closing", now),
        called_off=live.state.cancelled,
        moved_from=live.state.moved_from,
        revision=live.state.revision,
        changed_at=live.state.changed_at,
        unnamed=chat.unnamed,
        reserved=tuple(dict.fromkeys(one.name for one in (*chat.hosts, *chat.moderators))),
        leaders=live.state.hosts,
        reflection=chat.reflection,
        language=chat.language,
        zones=chat.zones,
        publication=live.publication(now),
        by_consent=chat.publish == "consented",
        concealed=is_concealed(chat, live.state.publication, now=now, ends=live.ends, shuts=live.shuts),
    )


def _next(live: LiveChat, kind: str, now: datetime) -> datetime | None:
    return next((one.at for one in live.upcoming if one.kind == kind and one.at > now), None)


def _state(live: LiveChat, now: datetime) -> Literal["coming", "live", "over"]:
    if now < live.chat.starts:
        return "coming"
    return "live" if now < live.ends else "over"
