"""The text of an announcement, and what its file says about it."""

from __future__ import annotations

from datetime import date

from bot.messages import Value


class AnnouncementText(Value, frozen=True, kw_only=True):
    """The text of an announcement. `title` is the one that the file itself names, as a page's or an e-mail's.

    `author` is who wrote it, `site` the name of the page's site, and `posted` when, where the file says so; empty and
    None where it does not. `links` are the web addresses behind its words.
    """

    text: str
    title: str = ""
    author: str = ""
    site: str = ""
    posted: date | None = None
    links: tuple[str, ...] = ()
