"""`send` and `find` of a Platform, with a method for each kind of post. A method that is not overridden refuses."""

# ruff: noqa: ARG002 -- methods that are there to be overridden ignore their arguments

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.errors import PlatformError
from bot.messages import Author, CalendarEntry, PlatformAction, Post, Receipt
from bot.ports.platform import CurrentMessages, Page, ReadCount, ReadRequest, Traits


class RoutedPlatform(ABC):
    """The parts of a Platform that need no platform. All methods raise PlatformError.

    An action and an edit may be done twice, so they are never looked for.
    """

    @property
    @abstractmethod
    def traits(self) -> Traits:
        """The platform's abilities and limits."""

    async def listen(self, *, wanted: bool) -> None:
        """Nothing: no connection reports events by itself."""
        del wanted

    async def send(self, post: Post) -> Receipt:
        """Post a message; or enter a calendar, take an action, edit, or write to one person."""
        if post.calendar_entry:
            return await self.enter_calendar(post, post.calendar_entry)
        if post.action:
            return await self.take_action(post, post.action)
        if post.edits is not None:
            return await self.edit_message(post, post.edits)
        if post.to is not None:
            return await self.send_private(post, post.to)
        return await self.send_message(post)

    async def find(self, post: Post) -> Receipt | None:
        """Look the post up where it would be."""
        if post.calendar_entry:
            return await self.find_in_calendar(post, post.calendar_entry)
        if post.action or post.edits is not None:
            return None
        if post.to is not None:
            return await self.find_private(post, post.to)
        return await self.find_message(post)

    @abstractmethod
    async def send_message(self, post: Post) -> Receipt:
        """Post a message for everybody."""

    @abstractmethod
    async def find_message(self, post: Post) -> Receipt | None:
        """Look for a message for everybody."""

    async def send_private(self, post: Post, person: str) -> Receipt:
        """Write to one person alone."""
        raise self._unable(post)

    async def find_private(self, post: Post, person: str) -> Receipt | None:
        """Look for a message to one person."""
        return None

    async def edit_message(self, post: Post, id: str) -> Receipt:
        """Give an older message of ours the post's text."""
        raise self._unable(post)

    async def take_action(self, post: Post, action: PlatformAction) -> Receipt:
        """Do something to a message or a person."""
        raise self._unable(post)

    async def enter_calendar(self, post: Post, entry: CalendarEntry) -> Receipt:
        """Enter the chat in a calendar, change the entry, or call it off."""
        raise self._unable(post)

    async def find_in_calendar(self, post: Post, entry: CalendarEntry) -> Receipt | None:
        """Look for the entry as it should be."""
        return None

    async def read(self, reading: ReadRequest) -> Page:
        """Refuse: the traits have no source of that name."""
        raise PlatformError(f"{self.traits.called} has no source '{reading.source}'.", permanent=True)

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Nobody: events carry names already."""
        return ()

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Nobody: events carry handles already."""
        return ()

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """None: deletions are events."""
        return ()

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        """Those that are deleted; of the others no edits are known."""
        deleted = await self.find_deleted(ids, chat)
        return CurrentMessages(there=tuple(id for id in ids if id not in deleted), deleted=deleted)

    async def count_reads(self, days: int) -> ReadCount:
        """Refuse: reading is free."""
        raise PlatformError(f"{self.traits.called} does not count what is read.", permanent=True)

    def _unable(self, post: Post) -> PlatformError:
        return PlatformError(f"{self.traits.called} takes no post of kind '{post.kind}'.", permanent=True)
