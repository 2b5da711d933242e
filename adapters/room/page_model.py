"""The page model: a chat read from the conversation view, cut into sections, and compared with an earlier reading.

Cutting and comparing are pure. Nothing here knows HTML or who is reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    questions that were not asked yet: who answers early stands under the question before. `made_of` is all that a
    section is made from: with the same again it need not be made anew.
    """

    key: str
    question: PostView | None = None
    entries: tuple[PostView | MessageView, ...] = ()
    total: int = 0
    keys: tuple[str, ...] = ()
    older: int = 0
    made_of: object = field(default=None, compare=False, repr=False)

    @cached_property
    def messages(self) -> tuple[MessageView, ...]:
        """The participants' messages, without the bot's posts."""
        return tuple(one for one in self.entries if isinstance(one, MessageView))

    @cached_property
    def by_ident(self) -> Mapping[Ident, MessageView]:
        """The messages by place and id."""
        return {(one.place, one.id): one for one in self.messages}

    @cached_property
    def older_idents(self) -> frozenset[Ident]:
        """The messages that were read and are too old to be shown, but those that are shown again here."""
        return frozenset((one.place, one.id) for one in self.messages[: self.older] if not one.again)

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
        parent = self.find(message.reply_place or message.place, message.reply_to)
        return parent if parent is not message else None

    def find(self, place: str, id: str) -> MessageView | None:
        """A message, if it was read: as it is shown under its own question, where it is."""
        found = (one for part in self.sections if (one := part.by_ident.get((place, id))))
        return min(found, key=lambda one: one.question if one.again else "", default=None)

    def is_older(self, message: MessageView) -> bool:
        """Whether a message was read, and is too old to be shown."""
        ident = message.place, message.id
        return any(ident in part.older_idents for part in self.sections)


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
        read = tuple(tuple(messages.get(each, ())) for each in keys)
        made_of = questions.get(key), tuple(section_posts.get(key, ())), keys, totals[key], share[key], read
        if key in before and before[key].made_of == made_of:
            made.append(before[key])
            continue
        found = _gathered(read)
        older = len(found) - len(newest(found, share[key], cut=totals[key] > sum(not one.again for one in found)))
        entries = tuple(sorted([*section_posts.get(key, ()), *found], key=lambda one: one.at))
        made.append(
            Section(
                key=key,
                question=questions.get(key),
                entries=entries,
                total=totals[key],
                keys=tuple(keys),
                older=older,
                made_of=made_of,
            )
        )
    sections = (before[one.key] if before.get(one.key) == one else one for one in made)
    return tuple(one for one in sections if one.question or one.entries or one.total)


def _gathered(read: Iterable[Iterable[MessageView]]) -> list[MessageView]:
    """The messages of a section, oldest first, each once also where it is about several of its questions."""
    found: dict[Ident, MessageView] = {}
    for one in chain.from_iterable(read):
        found.setdefault((one.place, one.id), one)
    return sorted(found.values(), key=lambda one: one.at)


def diff(old: PageModel, new: PageModel) -> MessageChanges:
    """The messages that changed between two readings, also those that pages show only if somebody asked for them.

    Messages that only became too old to be read are not removed.
    """
    if old is new:
        return MessageChanges((), ())
    same = {id(one) for one in old.sections} & {id(one) for one in new.sections}
    parts = [[one for one in page.sections if id(one) not in same] for page in (old, new)]
    was, is_now = ({id(one) for part in each for one in part.messages} for each in parts)
    before, after = _messages(parts[0], but=is_now), _messages(parts[1], but=was)
    oldest = {key: part.messages[0].at for part in new.sections if part.is_cut and part.messages for key in part.keys}
    return MessageChanges(
        changed=tuple(one for key, one in after.items() if before.get(key) != one),
        removed=tuple(
            one
            for key, one in before.items()
            if key not in after and not (one.question in oldest and one.at < oldest[one.question])
        ),
    )


def _messages(sections: Iterable[Section], *, but: Collection[int]) -> dict[tuple[str, str, str], MessageView]:
    """The messages by place and id; and by question, where they are shown again. Not those with one of these `id()`."""
    shown = (one for part in sections for one in part.messages if id(one) not in but)
    return {(one.place, one.id, one.question if one.again else ""): one for one in shown}
