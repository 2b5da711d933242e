"""A chat as the room shows it: read from the Board, cut into sections, compared with what was shown before.

The cutting and comparing are pure. Nothing here knows of HTML or of who is looking.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from bot.messages import Value
from bot.ports.views import ChatView, ConversationView, MessageView, PostView

NEWEST = 100
"""Messages shown per question; older ones are a link away."""


class Section(Value, frozen=True):
    """The conversation under one heading, oldest first. `asked` is the question's own post, where it is out."""

    key: str
    asked: PostView | None = None
    entries: tuple[PostView | MessageView, ...] = ()
    total: int = 0

    @property
    def messages(self) -> tuple[MessageView, ...]:
        """What people said, without the bot's posts."""
        return tuple(one for one in self.entries if isinstance(one, MessageView))

    @property
    def earlier(self) -> int:
        """How many older messages there are that are not shown."""
        return max(0, self.total - len(self.messages))


class PageModel(Value, frozen=True):
    """One chat as it stands. `open` says whether people may post."""

    chat_view: ChatView
    sections: tuple[Section, ...]
    open: bool

    @property
    def questions(self) -> tuple[Section, ...]:
        """The sections whose question is out, in order."""
        return tuple(one for one in self.sections if one.asked)

    @property
    def current(self) -> Section | None:
        """The question on the floor, or None before the first."""
        return self.questions[-1] if self.questions else None

    @property
    def messages(self) -> tuple[MessageView, ...]:
        """All that is shown of what people said."""
        return tuple(chain.from_iterable(one.messages for one in self.sections))

    @property
    def stamp(self) -> str:
        """Changes whenever anything shown changes. Good within one process."""
        return f"{hash(self):x}"

    @property
    def frame(self) -> str:
        """As `stamp`, for all that is not a participant's message."""
        posts = tuple(tuple(one for one in part.entries if isinstance(one, PostView)) for part in self.sections)
        return f"{hash((self.chat_view, self.open, posts, tuple(one.key for one in self.sections))):x}"

    def answered(self, message: MessageView) -> MessageView | None:
        """The message that this one replies to, if it is shown."""
        wanted = (message.reply_place or message.place, message.reply_to)
        return next((one for one in self.messages if (one.place, one.id) == wanted and one is not message), None)


class Change(Value, frozen=True):
    """What became of a talk's messages: those that are new or different, and those that went."""

    fresh: tuple[MessageView, ...]
    gone: tuple[MessageView, ...]


async def read(conversation: ConversationView, name: str, now: datetime) -> PageModel | None:
    """The chat as it stands, or None if there is none. One small query for each heading."""
    chat_view = await conversation.chat_view(name)
    if chat_view is None:
        return None
    asked, counts = await conversation.posts(name), await conversation.counts(name)
    heard = [
        message
        for key, count in counts.items()
        if count
        for message in await conversation.messages(name, question=key, limit=NEWEST)
    ]
    return PageModel(
        chat_view=chat_view, sections=cut(asked, heard, counts), open=chat_view.opens <= now < chat_view.shuts
    )


def cut(asked: list[PostView], heard: list[MessageView], counts: dict[str, int]) -> tuple[Section, ...]:
    """Posts and messages under their headings: before, the questions in order, after."""
    posts: dict[str, list[PostView]] = {"before": []}
    heads: dict[str, PostView] = {}
    floor = "before"
    for one in asked:
        if one.kind == "question" and one.key not in heads:
            floor, heads[one.key] = one.key, one
            posts[floor] = []
        else:
            floor = "after" if one.kind == "closing" else floor
            posts.setdefault(floor, []).append(one)
    keys = {"before": None, **dict.fromkeys(heads), **dict.fromkeys(sorted(set(counts) - {"after"})), "after": None}
    sections = (_section(key, heads.get(key), posts.get(key, []), heard, counts.get(key, 0)) for key in keys)
    return tuple(one for one in sections if one.asked or one.entries or one.total)


def change(old: PageModel, new: PageModel) -> Change:
    """What people said, changed or took back between two readings. What merely grew too old to show is not gone."""
    before = {(one.place, one.id): one for one in old.messages}
    after = {(one.place, one.id): one for one in new.messages}
    oldest = {part.key: part.messages[0].at for part in new.sections if part.earlier and part.messages}
    return Change(
        fresh=tuple(one for key, one in after.items() if before.get(key) != one),
        gone=tuple(
            one
            for key, one in before.items()
            if key not in after and not (one.question in oldest and one.at < oldest[one.question])
        ),
    )


def _section(key: str, head: PostView | None, posts: list[PostView], heard: list[MessageView], total: int) -> Section:
    entries: list[PostView | MessageView] = [*posts, *(one for one in heard if one.question == key)]
    entries.sort(key=lambda one: one.at)
    return Section(key=key, asked=head, entries=tuple(entries), total=total)
