"""A fake platform in memory: records its posts, and answers and fails as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import AnyEvent, Author, Edited, Message, Post, Receipt
from bot.ports.inbound import Charge, Listener
from bot.ports.platform import CurrentMessages, Diagnosis, Page, ReadCount, ReadRequest, Traits
from tests.fakes.flat import flat


def flat_traits(**fields: Any) -> Traits:  # noqa: ANN401 -- fields of all the groups
    """Traits from the fields of all their groups at once; a fake platform's unless told otherwise."""
    return flat(Traits, **{"platform": "fake", "limit": 280, **fields})


class UnreadablePlatform:
    """The parts of a platform without sources."""

    async def listen(self, *, wanted: bool) -> None:
        del wanted

    async def read(self, reading: ReadRequest) -> Page:
        del reading
        return Page()

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        del ids, chat
        return ()

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        del handles, chat
        return ()

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        del ids, chat
        return ()

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        del ids, chat
        return CurrentMessages()

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        return ()

    async def count_reads(self, days: int) -> ReadCount:
        raise PlatformError(f"Nothing was counted in {days} days.")


class FakePlatform(UnreadablePlatform):
    """Takes every post, unless told otherwise. `posted` is the ground truth: a text twice was posted twice.

    With sources it can be read: it returns the messages it `holds`, and reports their cost to its `listener`.
    """

    def __init__(self, clock: Clock, **traits: object) -> None:
        self._clock = clock
        self.traits = flat_traits(**({"timeout": 2.0} | traits))
        self.posted: list[str] = []
        self.looked_up = 0
        self.sent: list[Post] = []
        self.opened = self.closed = 0
        self.readings: list[ReadRequest] = []
        self.named: list[str] = []
        self.called: dict[str, Author] = {}
        self.listener: Listener | None = None
        self._ids: dict[str, str] = {}
        self._handles: dict[str, Author] = {}
        self._answers: list[Exception] = []
        self._refused_texts: dict[str, Exception] = {}
        self._open_errors: list[Exception] = []
        self._read_errors: list[Exception | None] = []
        self._name_errors: list[Exception] = []
        self._meanwhile: list[Callable[[], None]] = []
        self._held: list[tuple[str, AnyEvent]] = []
        self._overlooked: set[str] = set()
        self._deleted: set[str] = set()
        self._hidden = 0
        self._check_errors: list[Exception] = []
        self.checked: list[tuple[str, ...]] = []
        self.withheld: set[str] = set()
        self.silent_about: set[str] = set()
        self.edits: list[Edited] = []

    async def open(self) -> None:
        self.opened += 1
        if self._open_errors:
            raise self._open_errors.pop(0)

    async def close(self) -> None:
        self.closed += 1

    # for tests

    def refuses(self, *errors: Exception) -> None:
        """Answer the next sends with these errors, and take none of them."""
        self._answers += errors

    def refuses_text(self, text: str, error: Exception) -> None:
        """Answer each send of this text with this error."""
        self._refused_texts[text] = error

    def loses_the_answer(self) -> None:
        """Take the next post, and lose the answer."""
        self._hidden += 1

    def does_not_open(self, *errors: Exception) -> None:
        """Answer the next openings with these errors."""
        self._open_errors += errors

    def knows(self, *authors: Author) -> None:
        """Find these accounts by their handles."""
        self._handles |= {author.handle: author for author in authors}

    def holds(self, *events: AnyEvent, source: str = "") -> None:
        """Return these events from a source, or from every source."""
        self._held += ((source, event) for event in events)

    def breaks_off(self, *errors: Exception | None) -> None:
        """Answer the next readings with these errors; None lets one through."""
        self._read_errors += errors

    def meanwhile(self, happens: Callable[[], None]) -> None:
        """Let something happen while the next reading is under way."""
        self._meanwhile.append(happens)

    def does_not_name(self, *errors: Exception) -> None:
        """Answer the next lookups of names with these errors."""
        self._name_errors += errors

    def overlooks(self, id: str) -> None:
        """Leave a message out of every reading, although it exists."""
        self._overlooked.add(id)

    def takes_back(self, id: str) -> None:
        """Delete a message."""
        self._overlooked.add(id)
        self._deleted.add(id)

    # the port

    async def send(self, post: Post) -> Receipt:
        if self._answers:
            raise self._answers.pop(0)
        if post.text in self._refused_texts:
            raise self._refused_texts[post.text]
        self.posted.append(post.text)
        self.sent.append(post)
        self._ids[post.nonce] = f"id-{len(self.posted)}"
        if self._hidden:
            self._hidden -= 1
            raise ConnectionResetError
        return self._receipt(post)

    async def find(self, post: Post) -> Receipt | None:
        self.looked_up += 1
        return self._receipt(post) if post.nonce in self._ids else None

    async def read(self, reading: ReadRequest) -> Page:
        self.readings.append(reading)
        if self._meanwhile:
            self._meanwhile.pop(0)()
        error = self._read_errors.pop(0) if self._read_errors else None
        if error is not None:
            raise error
        found = [
            event for source, event in self._held if source in {"", reading.source} and self._shows(event, reading)
        ]
        begin = int(reading.more or 0)
        page = sorted(found, key=lambda event: event.at)[begin : begin + reading.limit]
        await self._charge(reading, page)
        more = str(begin + reading.limit) if begin + reading.limit < len(found) else None
        return Page(events=tuple(page), more=more)

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        del chat
        if self._name_errors:
            raise self._name_errors.pop(0)
        self.named += ids
        return tuple(self.called[id] for id in ids if id in self.called)

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        del chat
        return tuple(self._handles[handle] for handle in handles if handle in self._handles)

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        del chat
        return tuple(id for id in ids if id in self._deleted)

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        self.checked.append(tuple(ids))
        if self._check_errors:
            raise self._check_errors.pop(0)
        asked = [id for id in ids if id not in self.silent_about]
        if self.listener is not None and self.traits.costs.budget:
            await self.listener.paid(
                *(Charge(what="look", resource=id, micros=5000, at=self._clock.now(), chat=chat) for id in asked)
            )
        deleted = tuple(id for id in asked if id in self._deleted)
        withheld = tuple(id for id in asked if id in self.withheld and id not in deleted)
        there = tuple(id for id in asked if id not in (*deleted, *withheld))
        return CurrentMessages(
            there=there,
            deleted=deleted,
            withheld=withheld,
            edits=tuple(one for one in self.edits if one.id in there),
        )

    def cannot_check(self, *errors: Exception) -> None:
        """Answer the next looks at what became of messages with these errors."""
        self._check_errors += errors

    def _shows(self, event: AnyEvent, reading: ReadRequest) -> bool:
        return event.at >= reading.since and getattr(event, "id", None) not in self._overlooked

    async def _charge(self, reading: ReadRequest, page: list[AnyEvent]) -> None:
        prices = {source.name: source.micros for source in self.traits.sources}
        charges = [
            Charge(what="read", resource=one.id, micros=price, at=self._clock.now(), chat=reading.chat)
            for one in page
            if isinstance(one, Message) and (price := prices[reading.source])
        ]
        if self.listener is not None and charges:
            await self.listener.paid(*charges)

    def _receipt(self, post: Post) -> Receipt:
        return Receipt(id=self._ids[post.nonce], url=None, at=self._clock.now())
