"""What the pretend X knows: its users and posts. The ground truth is kept here.

Times are Unix seconds on a clock of its own that never goes back; ids are snowflakes of that clock, or simply counted:
X publishes no more of an id than that it has up to 19 digits, and that a later post's is higher.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.sims import x_text

EPOCH = 1288834974657
"""Milliseconds, Unix time: where snowflakes begin."""


@dataclass
class User:
    """Someone on X. `says_so`: of a post of theirs X says that its author is suspended, not just that it is closed."""

    id: str
    username: str
    name: str
    followers: int = 0
    protected: bool = False
    suspended: bool = False
    says_so: bool = False


@dataclass(kw_only=True)
class Account(User):
    """A user whose credentials the API takes."""

    consumer_key: str = "ck"
    consumer_secret: str = "cs"
    access_token: str = "1000-at"
    access_token_secret: str = "ats"
    bearer: str = "user-token"
    read_only: bool = False
    direct: bool = False


@dataclass
class Media:
    """An uploaded picture."""

    id: int
    owner: str
    size: int
    alt: str | None = None

    @property
    def key(self) -> str:
        return f"3_{self.id}"


@dataclass
class Post:
    """One version of a post. `history` is shared by all its versions."""

    id: int
    by: User
    text: str
    at: float
    seen_from: float
    conversation: int
    reply_to: int | None = None
    reply_to_user: str | None = None
    quote_of: int | None = None
    media: list[Media] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    history: list[int] = field(default_factory=list)
    prefix: int = 0
    deleted: bool = False
    hidden: bool = False


@dataclass
class DirectMessage:
    """Something in a conversation by direct message. The id of a conversation of two has the ids of both."""

    id: int
    by: User
    text: str
    at: float
    conversation: str
    kind: str = "MessageCreate"
    group: list[str] = field(default_factory=list)


class World:
    """Everything there is. `visible_after`: seconds until a post shows up in timelines and search.

    `counted`: ids are numbers in a row.
    """

    def __init__(self, accounts: list[Account], visible_after: float, *, counted: bool = False) -> None:
        self.accounts = accounts
        self.users: dict[str, User] = {one.id: one for one in accounts}
        self.posts: dict[int, Post] = {}
        self.media: dict[int, Media] = {}
        self.direct_messages: dict[int, DirectMessage] = {}
        self.visible_after = visible_after
        self.refused: dict[str, list[str]] = {}
        self.longest = x_text.MOST
        self._counted = counted
        self._behind = time.time() - time.monotonic()
        self._taken: set[int] = set()

    def refuses(self, where: str, text: str) -> bool:
        """Whether a `post`, an `alt` or an `upload` with this text is to be refused."""
        return any(one in text for one in self.refused.get(where, []))

    def now(self) -> float:
        return self._behind + time.monotonic()

    def new_id(self, at: float) -> int:
        """The snowflake of a moment, or the next number; none is given twice."""
        made = int(at * 1000) - EPOCH << 22 if not self._counted else len(self._taken) + 1
        while made in self._taken:
            made += 1
        self._taken.add(made)
        return made

    def named(self, username: str) -> User | None:
        small = username.casefold()
        return next((user for user in self.users.values() if user.username.casefold() == small), None)

    def id_of(self, username: str) -> str | None:
        user = self.named(username)
        return user.id if user else None

    def add(self, by: User, text: str, **more: Any) -> Post:  # noqa: ANN401 -- fields of Post
        """Put a post there. `at` and `seen_from` are when it is there, and when it shows up."""
        at = more.pop("at", None) or self.now()
        made = Post(self.new_id(at), by, text, at, more.pop("seen_from", at + self.visible_after), 0, **more)
        parent = self.posts.get(made.reply_to or 0)
        made.conversation = parent.conversation if parent else made.id
        made.reply_to_user = parent.by.id if parent else None
        made.mentions = {known for name in x_text.names(text) if (known := self.id_of(name))}
        made.tags, made.links, made.words = x_text.tags(text), x_text.links(text), x_text.words(text)
        made.history.append(made.id)
        self.posts[made.id] = made
        return made

    def write(self, by: User, text: str, conversation: str, **more: Any) -> DirectMessage:  # noqa: ANN401 -- fields of DirectMessage
        """Put a direct message there. `at` is when."""
        at = more.pop("at", None) or self.now()
        made = DirectMessage(self.new_id(at), by, text, at, conversation, **more)
        self.direct_messages[made.id] = made
        return made

    def picture(self, by: User, alt: str | None) -> Media:
        """A picture that somebody posts, with its description if it has one."""
        made = Media(self.new_id(self.now()), by.id, 1, alt)
        self.media[made.id] = made
        return made

    def direct_messages_of(self, user: User) -> list[DirectMessage]:
        """What somebody can read, newest first."""
        found = [one for one in self.direct_messages.values() if user.id in (*one.conversation.split("-"), *one.group)]
        return sorted(found, key=lambda one: -one.id)

    def edit(self, old: Post, text: str) -> Post:
        """Replace a post by a new version of itself."""
        kept = {"reply_to": old.reply_to, "quote_of": old.quote_of, "media": old.media, "prefix": old.prefix}
        made = self.add(old.by, text, history=old.history, **kept)
        made.conversation, made.hidden = old.conversation, old.hidden
        return made

    def delete(self, post: Post) -> None:
        for version in post.history:
            self.posts[version].deleted = True

    def get(self, id_: int) -> Post | None:
        """A post that is there now, shown in timelines or not."""
        post = self.posts.get(id_)
        return post if post and not post.deleted and post.at <= self.now() else None

    def open_to(self, post: Post, reader: User) -> bool:
        return not post.by.suspended and (not post.by.protected or post.by.id == reader.id)

    def timeline(self) -> Iterator[Post]:
        """What shows up now, newest first, each post in its newest version."""
        now = self.now()
        shown = [post for post in self.posts.values() if not post.deleted and post.seen_from <= now]
        newest = {post.history[0]: post.id for post in sorted(shown, key=lambda post: post.id)}
        yield from (self.posts[id_] for id_ in sorted(newest.values(), reverse=True))

    def replies(self, post: Post) -> int:
        return sum(one.reply_to in post.history and not one.deleted for one in self.posts.values())

    def truth(self) -> dict[str, Any]:
        """Every post that is not deleted, in its newest version, oldest first; the ids of the deleted; who there is;
        and every direct message, oldest first.
        """
        newest = [post for post in sorted(self.posts.values(), key=lambda post: post.id) if post.id == post.history[-1]]
        return {
            "posts": [_truth(post) for post in newest if not post.deleted],
            "deleted": [str(post.id) for post in newest if post.deleted],
            "direct": [_told(one) for one in sorted(self.direct_messages.values(), key=lambda one: one.id)],
            "users": [{"id": one.id, "username": one.username, "name": one.name} for one in self.users.values()],
        }


def _told(one: DirectMessage) -> dict[str, Any]:
    told = {"id": str(one.id), "by": one.by.username, "text": one.text, "at": one.at}
    return told | {"conversation": one.conversation, "kind": one.kind}


def _truth(post: Post) -> dict[str, Any]:
    return {
        "id": str(post.id),
        "by": post.by.username,
        "text": post.text,
        "reply_to": str(post.reply_to) if post.reply_to else None,
        "quote_of": str(post.quote_of) if post.quote_of else None,
        "media": [{"id": str(one.id), "alt": one.alt} for one in post.media],
        "at": post.at,
        "history": [str(one) for one in post.history],
        "hidden": post.hidden,
    }
