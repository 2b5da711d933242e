"""The page model: a chat read from the conversation view, cut into sections, and compared with an earlier reading.

Cutting and comparing are pure. Nothing here knows HTML or who is reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from adapters.room.first_view import home, newest, shares
from bot.messages import Value
from bot.ports.views import ChatView, MessageView, PostView

Ident = tuple[str, str]
"""The place and the id of a message."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """The posts and messages under one heading, oldest first. `question` is the question's own post, once it is out.

    `total` counts all messages of the section, read or not, but those that are counted under another question. Of those
    that were read, the first `older` are not shown on the page that one opens. `keys` are its own and those of
    questions that were not asked yet: who answers early stands under the question before.
    """

    key: str
    question: PostView | None = None
    entries: tuple[PostView | MessageView, ...] = ()
    total: int = 0
    keys: tuple[str, ...] = ()
    older: int = 0

    @cached_property
    def messages(self) -> tuple[MessageView, ...]:
        """The participants' messages, without the bot's posts."""
        return tuple(one for one in self.entries if isinstance(one, MessageView))

    @cached_property
    def shown(self) -> tuple[PostView | MessageView, ...]:
        """The entries that are shown."""
        older = set(map(id, self.messages[: self.older]))
        return tuple(one for one in self.entries if id(one) not in older) if older else self.entries

    @cached_property
    def replies(self) -> tuple[MessageView, ...]:
        """The shown messages that reply to another one, or to a post."""
        return tuple(one for one in self.messages[self.older :] if one.reply_to is not None)

    @cached_property
    def posts(self) -> tuple[PostView, ...]:
        """The bot's posts, without the question's own."""
        return tuple(one for one in self.entries if isinstance(one, PostView))

    @cached_property
    def version(self) -> int:
        """A hash of all that was read. Only good within one process."""
        return hash((self.key, self.question, self.entries, self.total, self.older))

    @property
    def hidden(self) -> int:
        """The number of older messages that are not shown."""
        return max(0, self.total - sum(not one.again for one in self.messages[self.older :]))

    @property
    def is_cut(self) -> bool:
        """Whether there are messages older than those that were read."""
        return self.total > sum(not one.again for one in self.messages)


@dataclass(frozen=True, kw_only=True)
class PageModel:
    """One chat at one moment. `open`: participants may post."""

    chat_view: ChatView
    sections: tuple[Section, ...]
    open: bool

    @property
    def questions(self) -> tuple[Section, ...]:
        """The sections whose question is out, in order."""
        return tuple(one for one in self.sections if one.question)

    @cached_property
    def current(self) -> Section | None:
        """The section of the current question, or None before the first."""
        return self.questions[-1] if self.questions else None

    @cached_property
    def messages(self) -> Mapping[Ident, MessageView]:
        """All messages that were read."""
        return {(one.place, one.id): one for _, one in sorted(_messages(self.sections).items(), reverse=True)}

    @cached_property
    def version(self) -> str:
        """A hash of all that is shown. Only good within one process."""
        return f"{hash((self.chat_view, self.open, tuple(one.version for one in self.sections))):x}"

    @cached_property
    def frame_version(self) -> int:
        """As `version`, without the participants' messages."""
        posts = tuple((part.key, part.question, part.posts) for part in self.sections)
        return hash((self.chat_view, self.open, posts))

    def home(self, question: str) -> str:
        """The key of the section where messages about a question stand."""
        return home(question, [one.key for one in self.questions])

    def parent(self, message: MessageView) -> MessageView | None:
        """The message that this one replies to, if it was read."""
        if message.reply_to is None:
            return None
        ident = (message.reply_place or message.place, message.reply_to)
        found = self.messages.get(ident)
        return found if found is not message else None

    @cached_property
    def _older(self) -> frozenset[Ident]:
        hidden = chain.from_iterable(part.messages[: part.older] for part in self.sections)
        return frozenset((one.place, one.id) for one in hidden if not one.again)

    def is_older(self, message: MessageView) -> bool:
        """Whether a message was read, and is too old to be shown."""
        return (message.place, message.id) in self._older


class MessageChanges(Value, frozen=True):
    """The difference between two page models: new or edited messages, and those that are gone."""

    changed: tuple[MessageView, ...]
    removed: tuple[MessageView, ...]


def split_into_sections(
    posts: Sequence[PostView],
    messages: Mapping[str, Sequence[MessageView]],
    counts: Mapping[str, int],
    known: Sequence[Section] = (),
    *,
    live: bool = True,
) -> tuple[Section, ...]:
    """Posts and messages by section: before, the questions in order, after. `counts` are all messages by question.

    Of the `known` sections those that would be the same are taken over, so that what was made of them holds. While the
    chat is `live`, most of what is shown is about the question on the floor.
    """
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
    homes: dict[str, list[str]] = {key: [key] for key in ("before", *questions, "after")}
    for key in sorted(set(counts) - homes.keys()):
        homes[home(key, list(questions))].append(key)
    on_floor = next(reversed(questions), None) if live else None
    totals = {key: sum(counts.get(each, 0) for each in keys) for key, keys in homes.items()}
    share = shares(totals, on_floor)
    before = {one.key: one for one in known}
    made = []
    for key, keys in homes.items():
        found = _gathered(messages, keys)
        older = len(found) - len(newest(found, share[key], cut=totals[key] > sum(not one.again for one in found)))
        entries = tuple(sorted([*section_posts.get(key, ()), *found], key=lambda one: one.at))
        question, total = questions.get(key), totals[key]
        made.append(Section(key=key, question=question, entries=entries, total=total, keys=tuple(keys), older=older))
    sections = (before[one.key] if before.get(one.key) == one else one for one in made)
    return tuple(one for one in sections if one.question or one.entries or one.total)


def _gathered(messages: Mapping[str, Sequence[MessageView]], keys: Sequence[str]) -> list[MessageView]:
    """The messages of a section, oldest first, each once also where it is about several of its questions."""
    found: dict[Ident, MessageView] = {}
    for key in keys:
        for one in messages.get(key, ()):
            found.setdefault((one.place, one.id), one)
    return sorted(found.values(), key=lambda one: one.at)


def diff(old: PageModel, new: PageModel) -> MessageChanges:
    """The messages that changed between two readings, also those that pages show only if somebody asked for them.

    Messages that only became too old to be read are not removed.
    """
    if old is new:
        return MessageChanges((), ())
    same = {id(one) for one in old.sections} & {id(one) for one in new.sections}
    before = _messages(one for one in old.sections if id(one) not in same)
    after = _messages(one for one in new.sections if id(one) not in same)
    oldest = {key: part.messages[0].at for part in new.sections if part.is_cut and part.messages for key in part.keys}
    return MessageChanges(
        changed=tuple(one for key, one in after.items() if before.get(key) != one),
        removed=tuple(
            one
            for key, one in before.items()
            if key not in after and not (one.question in oldest and one.at < oldest[one.question])
        ),
    )


def _messages(sections: Iterable[Section]) -> dict[tuple[str, str, str], MessageView]:
    """The messages by place and id; and by question, where they are shown again."""
    shown = chain.from_iterable(part.messages for part in sections)
    return {(one.place, one.id, one.question if one.again else ""): one for one in shown}
