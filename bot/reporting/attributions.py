"""The questions of all messages of a folded log. Pure.

Each message is looked at with all that it refers to, however late that came. Circles are cut where they close.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.live.attribution import AFTER, BEFORE, Attribution, Parent, References, attribute, references
from bot.live.quotes import linked
from bot.messages import Posted
from bot.messages.keyed_ids import is_keyed_message
from bot.readable.stand_ins import post_for
from bot.reporting.event_fold import EventFold, Key
from bot.reporting.question_spans import QuestionSpans


def find_attributions(fold: EventFold, spans: QuestionSpans) -> dict[Key, Attribution]:
    """The questions of every message, and why, in order of time."""
    return _Attributions(fold, spans).find()


class _Attributions:
    def __init__(self, fold: EventFold, spans: QuestionSpans) -> None:
        self._fold, self._spans = fold, spans
        sections = {BEFORE, AFTER, *(question.key for question in fold.chat.questions)}
        self._found: dict[Key, Attribution] = {
            key: ((question,), "corrected")
            for key, question in fold.corrections.moved.items()
            if question in sections and key in fold.messages
        }
        self._refers: dict[Key, References] = {}
        self._posts = {post.url: _as_parent(post) for post in fold.posted.values() if post.url}
        self._messages = {one.url: key for key, one in sorted(fold.messages.items(), reverse=True) if one.url}
        self._messages |= {post_for(key[1]): key for key in sorted(fold.messages) if is_keyed_message(key[1])}
        # a published message has no address where that leads to another one, but links to it stay in words
        self._by_id = {key[1]: key for key, one in sorted(fold.messages.items(), reverse=True) if not one.url}

    def find(self) -> dict[Key, Attribution]:
        """The questions of every message, in order of time."""
        ordered = sorted(self._fold.messages, key=lambda key: (self._fold.messages[key].at, key))
        for key in ordered:
            self._follow(key)
        return {key: self._found[key] for key in ordered}

    def _follow(self, key: Key) -> None:
        """Attribute a message, after all those that it refers to, after all those that they refer to, and so on."""
        waiting, seen = [key], set[Key]()
        while waiting:
            key = waiting[-1]
            others = [] if key in seen else [one for one in self._above(key) if one not in seen and one != key]
            seen.add(key)
            waiting += reversed(others)
            if not others:
                waiting.pop()
                if key not in self._found:
                    self._found[key] = self._attribute(key)

    def _above(self, key: Key) -> Iterator[Key]:
        """The messages to which a message refers and whose questions are not known yet."""
        if key in self._found:
            return
        message = self._fold.messages[key]
        timeline = self._spans.timeline(message.place)
        refers = self._refers[key] = references(message, timeline, self._fold.text(key))
        if refers.named:
            return
        addressed = map(self._at, refers.addresses)
        for one in (*map(self._fold.original, refers.idents(message.place)), *addressed):
            if one in self._fold.messages and one not in self._found and one not in self._fold.posted:
                yield one

    def _at(self, link: str) -> Key | None:
        """The message to which a link leads, if it is known."""
        if (found := self._messages.get(link)) or not self._by_id:
            return found
        return next((self._by_id[id] for id in linked(link).ids if id in self._by_id), None)

    def _attribute(self, key: Key) -> Attribution:
        message, refers = self._fold.messages[key], self._refers.pop(key)

        def parent(ident: Key) -> Parent | None:
            if ident in self._fold.posted:
                return _as_parent(self._fold.posted[ident])
            other = self._fold.original(ident)
            known = self._found.get(other) if other != key else None
            return Parent(question=known[0][0], is_question=False) if known else None

        def address(link: str) -> Parent | None:
            other = self._at(link)
            return self._posts.get(link) or (parent(other) if other else None)

        timeline = self._spans.timeline(message.place)
        return attribute(refers, message.place, message.at, timeline, parent=parent, address=address)


def _as_parent(post: Posted) -> Parent:
    """A post of ours as what is above a reply: it asks a question, or repeats one."""
    return Parent(question=post.repeats or post.key, is_question=True)
