"""The rendered conversation: a message is rendered once for all readers of a kind, a section again only after a change.

A message with its author's own links is kept apart, and only a reader with its author's public id gets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from adapters.kit.bounded import RecentMap
from adapters.room.page_model import PageModel, Section
from bot.ports.views import ChatView, MessageView, PostView

_MAX_ENTRIES = 10_000
"""Rendered messages that are kept, about a kilobyte each."""
_MAX_SECTIONS = 150
"""Rendered sections that are kept, up to 200 kB each."""


class ReaderKind(NamedTuple):
    """A kind of reader, all of whom see the same: `joined` adds the links to reply, `moderates` those of moderators."""

    joined: bool = False
    moderates: bool = False


EVERYBODY = ReaderKind()
"""What is fit for everybody: nothing for one reader, or some, only."""


class Macros(NamedTuple):
    """The templates that are needed, each as a function that returns HTML, and the public id of a message's author."""

    message: Callable[[MessageView, ChatView, MessageView | None, str, bool, ReaderKind], str]
    post: Callable[[PostView, ChatView], str]
    section_start: Callable[[Section, ChatView], str]
    section_end: Callable[[Section], str]
    public_id: Callable[[MessageView, str], str]


class RenderedSection(NamedTuple):
    """A section in pieces, and all of it as `html`. `own` are the positions of each author's messages, by public id.

    It holds for the page of which it was made, and for later ones in which the same is shown.
    """

    page: PageModel
    made_of: object
    pieces: list[bytes]
    html: bytes
    own: dict[str, dict[int, MessageView]]


class SectionCache:
    """Renders conversations with the `macros`, and keeps what was rendered last."""

    def __init__(self, macros: Macros) -> None:
        self._macros = macros
        self._entries: RecentMap[object, tuple[object, str]] = RecentMap(_MAX_ENTRIES)
        self._sections: RecentMap[object, RenderedSection] = RecentMap(_MAX_SECTIONS)

    def conversation(self, page: PageModel, own_id: str = "", kind: ReaderKind = EVERYBODY) -> bytes:
        """All sections of a page as HTML, for a reader with these public ids, with blanks between."""
        return b"".join(self._section(one, page, own_id, kind) for one in page.sections)

    def _section(self, section: Section, page: PageModel, own_id: str, kind: ReaderKind) -> bytes:
        where = page.chat_view.chat, section.key, kind
        known = self._sections.pop(where, None)
        if known is None or known.page is not page:
            replies = tuple(_summary(page, one) for one in section.replies)
            made_of = section.version, page.chat_view.timezone, page.chat_view.leaders, page.chat_view.language, replies
            if known is None or known.made_of != made_of:
                known = self._rendered(section, page, kind, made_of)
            known = known._replace(page=page)
        self._sections[where] = known  # so that it is the newest
        own = [one for each in own_id.split() for one in known.own.get(each, {}).items()]
        if not own:
            return known.html
        pieces = known.pieces.copy()
        for position, message in own:
            pieces[position] = self.message(message, page, own=True, kind=kind).encode()
        return b"".join(pieces)

    def message(self, message: MessageView, page: PageModel, *, own: bool = False, kind: ReaderKind = EVERYBODY) -> str:
        """A message as HTML; with `own` for its author."""
        chat_view = page.chat_view
        where = chat_view.chat, message.place, message.id, message.again and message.question, own, kind
        made_of = message, _summary(page, message), chat_view.timezone, chat_view.leaders, chat_view.language
        known = self._entries.get(where)
        if known is None or known[0] != made_of:
            parent = page.parent(message)
            older = page.home(parent.question) if parent and page.is_older(parent) else ""
            html = self._macros.message(message, chat_view, parent, older, own, kind)
            known = self._entries[where] = made_of, html
        return known[1]

    def _rendered(self, section: Section, page: PageModel, kind: ReaderKind, made_of: object) -> RenderedSection:
        chat_view = page.chat_view
        pieces = [self._macros.section_start(section, chat_view).encode()]
        own: dict[str, dict[int, MessageView]] = {}
        for entry in section.shown:
            if isinstance(entry, PostView):
                html = self._macros.post(entry, chat_view)
            else:
                html = self.message(entry, page, kind=kind)
                own.setdefault(self._macros.public_id(entry, chat_view.chat), {})[len(pieces)] = entry
            pieces.append(html.encode())
        pieces.append(self._macros.section_end(section).encode())
        return RenderedSection(page, made_of, pieces, b"".join(pieces), own)


def _summary(page: PageModel, message: MessageView) -> tuple[str, str, str, bool] | None:
    """The beginning of the message that a reply is to."""
    parent = page.parent(message)
    return (parent.place, parent.id, parent.author.shown, page.is_older(parent)) if parent else None
