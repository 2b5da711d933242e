"""The judge: applies the moderation rules to the messages of a batch, with the facts about how each was said.

Facts about the authors are read once for the whole batch, not message by message. Recent messages and people who are
not new are remembered from batch to batch, within bounds. The judge stores nothing and notifies nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Author, Edited, Message
from bot.moderation import author_names
from bot.moderation.guard import GuardVerdict, check_texts
from bot.moderation.message_rules import judge, judge_again
from bot.moderation.policy import Judgement, MessageFacts, Policy
from bot.moderation.recent_messages import Load, RecentMessages
from bot.store import author_history, muted
from bot.store.message_rows import Ident, MessageRow
from bot.store.muted import ActiveMutes

HasRole = Callable[[Message, str | None], bool]
"""Whether a message's author has a role in a chat, or in any chat where it is None. Called from any thread."""

_MOST_KNOWN = 50_000
"""People remembered as not new."""

_SAID = (Message, Edited)

_CONDUCT = frozenset({"again", "flood", "slow", "first", "returned"})
"""Reasons about how people write, not about their words. People with a role are trusted with that."""


class Judge:
    """Judges one batch after another.

    Call `prepare` before the messages of each, `finish` after them, and `rollback` if it isn't stored.
    `accounts` returns all of the bot's accounts on a place's platform: people have the same id on each.
    """

    def __init__(
        self,
        policy: Policy,
        live_chats: LiveChats,
        *,
        has_role: HasRole,
        accounts: Callable[[str], Collection[str]],
    ) -> None:
        self._policy = policy
        self._live_chats = live_chats
        self._has_role = has_role
        self._accounts = accounts
        self._recent = RecentMessages(policy.most, policy.window)
        self._known: set[Ident] = set()
        self._muted: ActiveMutes = {}
        self._load: Load = lambda _chat: ()
        self._judged: set[Ident] = set()
        self._alone: dict[str, GuardVerdict] = {}
        self._unblocked: set[str] = set()

    def prepare(
        self,
        connection: Connection,
        events: Sequence[AnyEvent],
        heard: Iterable[tuple[Message, str]],
        rows: Mapping[Ident, MessageRow],
    ) -> None:
        """Read the facts about a batch's authors, and look at all of its texts for words to hold.

        `heard` are its new messages that come while a chat is open, each with that chat; `rows` are the stored messages
        that the batch is about.
        """
        resembling = self._live_chats.resembling
        for ident in self._judged if resembling else ():
            resembling.forget(*ident)
        said = [one for one in events if isinstance(one, _SAID)]
        authors = {(each, author) for place, author in _authors(said, rows) for each in self._accounts(place)}
        self._judged = {(one.place, one.id) for one in said} if resembling else set()
        kin = {(place, one) for place, id in self._judged for one in resembling.of(place, id)}
        self._muted = muted.active_mutes(connection, authors | kin, min(one.at for one in said)) if said else {}
        may_have_returned = any((place, author) in kin for place, author, _ in self._muted)
        if may_have_returned or any(live.state.hold_all for live in self._live_chats.by_name.values()):
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known |= author_history.known_authors(connection, authors - self._known)
        shut_out = {author for _, author, _ in self._muted}
        new = [one for one, _ in heard if one.author.id not in shut_out]
        texts = list({one.text: None for one in new})
        self._recent.fold(texts)
        if self._policy.guard:
            self._alone = dict(zip(texts, check_texts(texts), strict=True))
            author_names.learn({name for one in new for name in _names(one.author)})
        if blocked := self._policy.blocked:
            self._unblocked = blocked.without_any(texts)
        self._load = lambda chat: author_history.recent_messages(connection, chat)

    def finish(self) -> None:
        """Forget the texts of a batch: all its messages are judged."""
        self._alone.clear()
        self._unblocked.clear()
        self._recent.fold(())

    def rollback(self) -> None:
        """Forget the messages of a batch that could not be stored, or of which that is not known."""
        self._recent.clear()
        self._judged.clear()
        self.finish()

    def new(self, message: Message, row: MessageRow, *, command: bool) -> Judgement:
        """The judgement on a message. `row` has its question, and its text as it is now."""
        self._recent.load(row.chat or "", self._load)
        facts = self._facts(message, row, command=command)
        found = judge(row.text, facts)
        if _of_conduct(found) and self._has_role(message, row.chat):
            return judge(row.text, facts.trusted())
        return found

    def again(self, row: MessageRow, at: datetime) -> Judgement:
        """The judgement on a text that was edited at `at`. People muted by then can't change their messages."""
        author = row.author.id if row.author else ""
        self._recent.load(row.chat or "", self._load)
        is_muted = bool(self._muted) and self._is_muted(row.place, author, row.chat or "", at)
        return judge_again(row.text, self._policy, muted=is_muted, before=self._recent.history(row).before)

    def remember(self, row: MessageRow) -> None:
        """Remember a message as it was judged."""
        self._recent.add(row)

    def forget(self, row: MessageRow, *, gone: bool = False) -> None:
        """Forget a message's text: it is gone, or about to change."""
        self._recent.forget(row, gone=gone)

    def _facts(self, message: Message, row: MessageRow, *, command: bool) -> MessageFacts:
        live = self._live_chats.by_name.get(row.chat or "")
        history, any_muted = self._recent.history(row), bool(self._muted)
        return MessageFacts(
            policy=self._policy,
            muted=any_muted and self._is_muted(message.place, message.author.id, row.chat or "", message.at),
            command=command,
            repeated=history.repeated and bool(message.text.strip()) and not message.media,  # pictures differ
            recent=history.recent,
            pause=history.pause,
            slow=live.state.slow if live is not None else None,
            first=live is not None and live.state.hold_all and not self._is_known(message.place, message.author.id),
            returned=any_muted and self._may_have_returned(message, row.chat or ""),
            unnamed=message.unnamed,
            before=history.before,
            alone=self._alone.get(row.text),
            unblocked=row.text in self._unblocked,
            names=_names(row.author) if row.author else (),
        )

    def _may_have_returned(self, message: Message, chat: str) -> bool:
        """Whether the author is new, and resembles somebody who is muted."""
        if self._is_known(message.place, message.author.id):
            return False
        kin = self._live_chats.resembling.of(message.place, message.id)
        return any(self._is_muted(message.place, one, chat, message.at) for one in kin)

    def _is_muted(self, place: str, author: str, chat: str, at: datetime) -> bool:
        """Whether a person is muted in a chat or banned from all, on any of the bot's accounts on that platform."""
        keys = [(each, author, scope) for each in self._accounts(place) for scope in (chat, "")]
        return any(key in self._muted and ((until := self._muted[key]) is None or at < until) for key in keys)

    def _is_known(self, place: str, author: str) -> bool:
        return any((each, author) in self._known for each in self._accounts(place))


def _authors(said: Iterable[Message | Edited], rows: Mapping[Ident, MessageRow]) -> Iterable[Ident]:
    """The authors of new and edited messages. An edit doesn't carry its author; the stored message does."""
    for one in said:
        if isinstance(one, Message):
            yield one.place, one.author.id
        elif (row := rows.get((one.place, one.id))) is not None and row.author is not None:
            yield row.place, row.author.id


def _names(author: Author) -> tuple[str, str]:
    return author.handle.lstrip("@"), author.name


def _of_conduct(found: Judgement) -> bool:
    return bool(found.reasons) and any(one.kind in _CONDUCT for one in found.reasons)
