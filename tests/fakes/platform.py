"""A pretend platform in memory, with a vocabulary: what it was told, how it will answer next, and what can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.clock import Clock
from bot.messages import AnyEvent, Author, Message, Post, Receipt
from bot.ports.inbound import Charge, Listener
from bot.ports.platform import Diagnosis, Page, ReadRequest, Traits
from tests.fakes.flat import flat


def flat_traits(**fields: Any) -> Traits:  # noqa: ANN401 -- fields of all the groups
    """Traits from the fields of all their groups at once; a fake platform's unless told otherwise."""
    return flat(Traits, **{"platform": "fake", "limit": 280, **fields})


class Mute:
    """Where nobody can be read."""

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

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        return ()


class FakePlatform(Mute):
    """Takes everything, unless told otherwise. `posted` is the ground truth: a text twice means it was said twice.

    With sources it can be read: it shows what it `holds`, and tells its `ear` what each message cost.
    """

    def __init__(self, clock: Clock, **traits: object) -> None:
        self._clock = clock
        self.traits = flat_traits(**({"timeout": 2.0} | traits))
        self.posted: list[str] = []
        self.sent: list[Post] = []
        self.opened = self.closed = 0
        self.readings: list[ReadRequest] = []
        self.named: list[str] = []
        self.called: dict[str, Author] = {}
        self.listener: Listener | None = None
        self._ids: dict[str, str] = {}
        self._handles: dict[str, Author] = {}
        self._answers: list[Exception] = []
        self._doors: list[Exception] = []
        self._pages: list[Exception | None] = []
        self._unnamed: list[Exception] = []
        self._meanwhile: list[Callable[[], None]] = []
        self._held: list[tuple[str, AnyEvent]] = []
        self._unseen: set[str] = set()
        self._taken_back: set[str] = set()
        self._hidden = 0

    async def open(self) -> None:
        self.opened += 1
        if self._doors:
            raise self._doors.pop(0)

    async def close(self) -> None:
        self.closed += 1

    # a vocabulary for tests

    def refuses(self, *errors: Exception) -> None:
        """Answer the next sends with these errors, and take none of them."""
        self._answers += errors

    def loses_the_answer(self) -> None:
        """Take the next post, and then say nothing of it."""
        self._hidden += 1

    def does_not_open(self, *errors: Exception) -> None:
        """Answer the next openings with these errors."""
        self._doors += errors

    def knows(self, *authors: Author) -> None:
        """Tell whose these handles are, to whoever seeks them."""
        self._handles |= {author.handle: author for author in authors}

    def holds(self, *events: AnyEvent, source: str = "") -> None:
        """Show these to whoever reads this source; any source where none is named."""
        self._held += ((source, event) for event in events)

    def breaks_off(self, *errors: Exception | None) -> None:
        """Answer the next readings with these errors; None lets one through."""
        self._pages += errors

    def meanwhile(self, happens: Callable[[], None]) -> None:
        """Let something happen while the next reading is under way."""
        self._meanwhile.append(happens)

    def does_not_name(self, *errors: Exception) -> None:
        """Answer the next questions for names with these errors."""
        self._unnamed += errors

    def overlooks(self, id: str) -> None:
        """Show a message in no reading, although it is there."""
        self._unseen.add(id)

    def takes_back(self, id: str) -> None:
        """Somebody deleted this message."""
        self._unseen.add(id)
        self._taken_back.add(id)

    # the port

    async def send(self, post: Post) -> Receipt:
        if self._answers:
            raise self._answers.pop(0)
        self.posted.append(post.text)
        self.sent.append(post)
        self._ids[post.nonce] = f"id-{len(self.posted)}"
        if self._hidden:
            self._hidden -= 1
            raise ConnectionResetError
        return self._receipt(post)

    async def find(self, post: Post) -> Receipt | None:
        return self._receipt(post) if post.nonce in self._ids else None

    async def read(self, reading: ReadRequest) -> Page:
        self.readings.append(reading)
        if self._meanwhile:
            self._meanwhile.pop(0)()
        error = self._pages.pop(0) if self._pages else None
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
        if self._unnamed:
            raise self._unnamed.pop(0)
        self.named += ids
        return tuple(self.called[id] for id in ids if id in self.called)

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        del chat
        return tuple(self._handles[handle] for handle in handles if handle in self._handles)

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        del chat
        return tuple(id for id in ids if id in self._taken_back)

    def _shows(self, event: AnyEvent, reading: ReadRequest) -> bool:
        return event.at >= reading.since and getattr(event, "id", None) not in self._unseen

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
