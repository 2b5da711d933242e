"""The page model: a chat read from the conversation view, cut into sections, and compared with an earlier reading.

Cutting and comparing are pure. Nothing here knows HTML or who is reading.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from bot.messages import Value
from bot.ports.views import ChatView, ConversationView, MessageView, PostView

MAX_SHOWN = 100
"""Messages shown per question; older ones are a link away."""


class Section(Value, frozen=True):
    """The posts and messages under one heading, oldest first. `question` is the question's own post, once it is out.

    `total` counts all messages of the section, shown or not.
    """

    key: str
    question: PostView | None = None
    entries: tuple[PostView | MessageView, ...] = ()
    total: int = 0

    @property
    def messages(self) -> tuple[MessageView, ...]:
        """The participants' messages, without the bot's posts."""
        return tuple(one for one in self.entries if isinstance(one, MessageView))

    @property
    def hidden(self) -> int:
        """The number of older messages that are not shown."""
        return max(0, self.total - len(self.messages))


class PageModel(Value, frozen=True):
    """One chat at one moment. `open`: participants may post."""

    chat_view: ChatView
    sections: tuple[Section, ...]
    open: bool

    @property
    def questions(self) -> tuple[Section, ...]:
        """The sections whose question is out, in order."""
        return tuple(one for one in self.sections if one.question)

    @property
    def current(self) -> Section | None:
        """The section of the current question, or None before the first."""
        return self.questions[-1] if self.questions else None

    @property
    def messages(self) -> tuple[MessageView, ...]:
        """All messages that are shown."""
        return tuple(chain.from_iterable(one.messages for one in self.sections))

    @property
    def version(self) -> str:
        """A hash of all that is shown. Only good within one process."""
        return f"{hash(self):x}"

    @property
    def frame_version(self) -> str:
        """As `version`, without the participants' messages."""
        posts = tuple(tuple(one for one in part.entries if isinstance(one, PostView)) for part in self.sections)
        return f"{hash((self.chat_view, self.open, posts, tuple(one.key for one in self.sections))):x}"

    def parent(self, message: MessageView) -> MessageView | None:
        """The message that this one replies to, if it is shown."""
        wanted = (message.reply_place or message.place, message.reply_to)
        return next((one for one in self.messages if (one.place, one.id) == wanted and one is not message), None)


class MessageChanges(Value, frozen=True):
    """The difference between two page models: new or edited messages, and those that are gone."""

    changed: tuple[MessageView, ...]
    removed: tuple[MessageView, ...]


async def read_page(conversation: ConversationView, chat: str, now: datetime) -> PageModel | None:
    """The chat as it is now, or None if there is none. One small query for each section."""
    chat_view = await conversation.chat_view(chat)
    if chat_view is None:
        return None
    posts, counts = await conversation.posts(chat), await conversation.counts(chat)
    messages = [
        message
        for key, count in counts.items()
        if count
        for message in await conversation.messages(chat, question=key, limit=MAX_SHOWN)
    ]
    return PageModel(
        chat_view=chat_view,
        sections=split_into_sections(posts, messages, counts),
        open=chat_view.opens <= now < chat_view.shuts,
    )


def split_into_sections(
    posts: list[PostView], messages: list[MessageView], counts: dict[str, int]
) -> tuple[Section, ...]:
    """Posts and messages by section: before, the questions in order, after. `counts` are all messages by section."""
    section_posts: dict[str, list[PostView]] = {"before": []}
    questions: dict[str, PostView] = {}
    current = "before"
    for post in posts:
        if post.kind == "question" and post.key not in questions:
            current, questions[post.key] = post.key, post
            section_posts[current] = []
        else:
            current = "after" if post.kind == "closing" else current
            section_posts.setdefault(current, []).append(post)
    keys = {"before": None, **dict.fromkeys(questions), **dict.fromkeys(sorted(set(counts) - {"after"})), "after": None}
    sections = (
        _section(key, questions.get(key), section_posts.get(key, []), messages, counts.get(key, 0)) for key in keys
    )
    return tuple(one for one in sections if one.question or one.entries or one.total)


def diff(old: PageModel, new: PageModel) -> MessageChanges:
    """The messages that changed between two readings. Messages that only became too old to show are not removed."""
    before = {(one.place, one.id): one for one in old.messages}
    after = {(one.place, one.id): one for one in new.messages}
    oldest = {part.key: part.messages[0].at for part in new.sections if part.hidden and part.messages}
    return MessageChanges(
        changed=tuple(one for key, one in after.items() if before.get(key) != one),
        removed=tuple(
            one
            for key, one in before.items()
            if key not in after and not (one.question in oldest and one.at < oldest[one.question])
        ),
    )


def _section(
    key: str, question: PostView | None, posts: list[PostView], messages: list[MessageView], total: int
) -> Section:
    entries: list[PostView | MessageView] = [*posts, *(one for one in messages if one.question == key)]
    entries.sort(key=lambda one: one.at)
    return Section(key=key, question=question, entries=tuple(entries), total=total)
