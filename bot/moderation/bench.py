"""Judges the messages of one batch: brings each before the rules with what is known of how it was said.

What it has to look up was read for the whole batch, or is in memory. It stores nothing and tells nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.commands.grammar.parser import is_command
from bot.live.live_chats import LiveChats
from bot.messages import Command, Message
from bot.moderation.facts import MessageFacts
from bot.moderation.policy import Policy
from bot.moderation.recent_messages import Load, RecentMessages
from bot.moderation.rules import judge, judge_again
from bot.moderation.verdict import Judgement
from bot.store.message_rows import Ident, MessageRow
from bot.store.muted import ActiveMutes

Leads = Callable[[Message, str | None], bool]
"""Whether the author of a message has a role in a chat, or anywhere where it is None. Called from any thread."""

_MANNERS = frozenset({"again", "flood", "slow", "first"})
"""Reasons that are about how somebody speaks. Whoever leads a chat is trusted with that."""


class BatchJudge:
    """The judge for one batch. `silent` are people nobody hears, `familiar` those who are not new here."""

    def __init__(
        self,
        policy: Policy,
        recall: RecentMessages,
        live_chats: LiveChats,
        *,
        leads: Leads,
        silent: ActiveMutes,
        familiar: Collection[Ident],
        same_platform: Mapping[str, Collection[str]],
        load: Load,
    ) -> None:
        self._policy = policy
        self._recall = recall
        self._live_chats = live_chats
        self._leads = leads
        self._silent = silent
        self._familiar = familiar
        self._same_platform = same_platform
        self._load = load

    def command(self, message: Message, chat: str | None) -> Command | None:
        """The command that a message is, if it is one. What was changed into one is none.

        Where no chat is on, only somebody with a role is listened to.
        """
        called = message.summons or message.text[:1] == "!"
        # whoever a platform vouches for is made known, so that nobody mutes them by mistake
        leads = (called or message.role != "participant") and self._leads(message, chat)
        if message.changed or not called or (chat is None and not leads):
            return None
        about = f"{message.place}/{message.reply_to}" if message.reply_to else None
        meant = is_command(message.text, leads=leads, about=about, answers=self._answers(message, chat))
        if not meant:
            return None
        return Command(
            place=message.place,
            id=message.id,
            author=message.author,
            text=message.text,
            chat=chat,
            about=about,
            public=True,
            role=message.role,
            at=message.at,
        )

    def new(self, message: Message, row: MessageRow, *, command: bool) -> Judgement:
        """The verdict on a message. `row` has its text as it is now, and its question."""
        self._recall.prime(row.chat or "", self._load)
        scene = self._scene(message, row, command=command)
        found = judge(row.text, scene)
        if any(one.kind in _MANNERS for one in found.reasons) and self._leads(message, row.chat):
            return judge(row.text, scene.trusted())
        return found

    def again(self, row: MessageRow, at: datetime) -> Judgement:
        """The verdict on the text that a message has since `at`. Whoever is not heard by then does not change it."""
        author = row.author.id if row.author else ""
        return judge_again(row.text, self._policy, muted=self._muted(row.place, author, row.chat or "", at))

    def note(self, row: MessageRow) -> None:
        """Remember a message as it was judged."""
        self._recall.note(row)

    def forget(self, row: MessageRow) -> None:
        """Its words are gone."""
        self._recall.forget(row)

    def _scene(self, message: Message, row: MessageRow, *, command: bool) -> MessageFacts:
        live = self._live_chats.by_name.get(row.chat or "")
        said = self._recall.asked(row)
        return MessageFacts(
            policy=self._policy,
            muted=self._muted(message.place, message.author.id, row.chat or "", message.at),
            command=command,
            again=said.again,
            lately=said.lately,
            pause=said.pause,
            slow=live.state.slow if live is not None else None,
            newcomer=live is not None and live.state.hold_all and not self._met(message.place, message.author.id),
            names=(row.author.handle.lstrip("@"), row.author.name) if row.author else (),
        )

    def _muted(self, place: str, author: str, chat: str, at: datetime) -> bool:
        """On any account of ours there, in this chat or for good."""
        if not self._silent:
            return False
        keys = [(each, author, room) for each in self._same_platform.get(place, (place,)) for room in (chat, "")]
        return any(key in self._silent and ((until := self._silent[key]) is None or at < until) for key in keys)

    def _met(self, place: str, author: str) -> bool:
        return any((each, author) in self._familiar for each in self._same_platform.get(place, (place,)))

    def _answers(self, message: Message, chat: str | None) -> bool:
        """Whether it replies to a question's own post."""
        parent, live = self._live_chats.parent(*message.parent), self._live_chats.by_name.get(chat or "")
        return parent is not None and live is not None and live.chat.question(parent.question) is not None
