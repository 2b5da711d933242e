"""Carries out what `rules` decides about a chat's post on the blog. The intent is stored before each call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

import structlog

from bot.blog import rules
from bot.errors import PlatformError
from bot.ports.blog import Blog, BlogDraft, BlogPost
from bot.store.blog_posts import BlogEntry, save_post
from bot.store.database import Database
from bot.translation import _, pending

BLOG = "blog"
"""Where its concerns are, instead of a place."""

_NOT_OURS = pending(
    "The post about this chat on the blog is not changed any more: somebody deleted it, or took the two marks out "
    "between which the transcript stands. What changed in the record has to be changed there by hand."
)

_log = structlog.get_logger()


class TakesConcerns(Protocol):
    """Tells host and operator what does not work, as the monitor of the places does."""

    def raise_concern(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        """Tell a concern, once."""

    def settle_concern(self, place: str, what: str, chat: str | None = None) -> None:
        """It is over."""


class BlogChat(NamedTuple):
    """A chat whose post is looked after. `digest` differs once the transcript does; that is made only if it is needed.

    A `transcript` is HTML without a head or a script.
    """

    name: str
    title: str
    digest: str
    transcript: Callable[[], str]


class BlogWriter:
    """Writes posts, one call after the other. Only one process has one at a time."""

    def __init__(self, blog: Blog, database: Database, monitor: TakesConcerns) -> None:
        self._blog, self._database, self._monitor = blog, database, monitor

    async def write(self, chat: BlogChat, entry: BlogEntry | None, now: datetime) -> None:
        """Do what is to be done about a chat's post now."""
        step = rules.next_step(entry, chat.digest, now)
        if step == "nothing":
            return
        entry = rules.begun(entry, chat.name, chat.digest, now)
        if step == "tell":
            await self._leave(entry)
            return
        await self._save(entry)
        try:
            post = await (self._create(chat) if step == "create" else self._update(chat, str(entry.post)))
        except PlatformError as error:
            await self._failed(entry, error, now)
            return
        if post is None:
            await self._leave(entry)
            return
        await self._save(rules.done(entry, post.id, now))
        self._monitor.settle_concern(BLOG, "draft", chat.name)
        _log.info("blog.drafted" if step == "create" else "blog.updated", chat=chat.name, post=post.id)

    async def _create(self, chat: BlogChat) -> BlogPost | None:
        """The post that is there already, else a new draft. None if people made that one their own."""
        slug = rules.slug_of(chat.name)
        there = await self._blog.find(slug)
        if there is not None:
            return await self._change(there, chat)
        body = rules.marked(chat.transcript())
        return await self._blog.create(BlogDraft(slug=slug, title=chat.title, body=body))

    async def _update(self, chat: BlogChat, id: str) -> BlogPost | None:
        there = await self._blog.read(id)
        return None if there is None or there.in_trash else await self._change(there, chat)

    async def _change(self, there: BlogPost, chat: BlogChat) -> BlogPost | None:
        body = rules.with_transcript(there.body, chat.transcript())
        if body is None or body == there.body:
            return there if body else None
        return await self._blog.update(there.id, body)

    async def _failed(self, entry: BlogEntry, error: PlatformError, now: datetime) -> None:
        await self._save(rules.failed(entry, error, now))
        looked_for, tried = _("It is looked for there before it is sent again."), _("It is tried again.")
        again = looked_for if error.ambiguous else tried
        text = f"{_('The transcript is not on the blog as a draft, or not as it is now.')} {error} {again}"
        self._monitor.raise_concern(BLOG, "draft", text, entry.chat)
        _log.warning("blog.failed", chat=entry.chat, code=error.code, ambiguous=error.ambiguous)

    async def _leave(self, entry: BlogEntry) -> None:
        await self._save(rules.taken(entry))
        self._monitor.raise_concern(BLOG, "draft", _(_NOT_OURS), entry.chat)
        _log.warning("blog.not_ours", chat=entry.chat, post=entry.post)

    async def _save(self, entry: BlogEntry) -> None:
        await asyncio.to_thread(self._database.write_sync, save_post, entry)
