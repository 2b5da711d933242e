"""The HTML of what a page has very many of, for the page and for WordPress: threads of posts, and shared links.

It is written here and not in a template because a chat may have a hundred thousand of them, for which a template takes
three times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from bot.reporting.page_text import inert
from bot.reporting.shared_links import SharedLink
from bot.reporting.transcript_page import Entry, Share, ThreadEntry
from bot.translation import _


def page_thread(one: ThreadEntry) -> Markup:
    """A thread on the page, or the note that stands in its place."""
    if one.first is None:
        return Markup(f'<li class="note">{escape(one.note)}</li>\n')  # noqa: S704 -- escaped
    replies = "".join(f"<li>\n{_page_post(reply)}</li>\n" for reply in one.replies)
    if replies:
        replies = (
            f'<details class="thread"{" open" if one.open else ""}>\n<summary>{escape(one.about)}</summary>\n'
            f'<ol class="talk">\n{replies}</ol>\n</details>\n'
        )
    return Markup(f"<li>\n{_page_post(one.first)}{replies}</li>\n")  # noqa: S704 -- every text in it is escaped


def wordpress_thread(one: ThreadEntry) -> Markup:
    """A thread to paste into WordPress, or the note that stands in its place."""
    if one.first is None:
        return Markup(f"<p><em>{inert(one.note)}</em></p>\n")  # noqa: S704 -- escaped
    replies = "".join(map(_wordpress_post, one.replies))
    if replies:
        replies = f"<details{' open' if one.open else ''}><summary>{inert(one.about)}</summary>\n{replies}</details>\n"
    return Markup(_wordpress_post(one.first) + replies)  # noqa: S704 -- every text in it is escaped


def page_link(link: SharedLink, shares: Iterable[Share]) -> Markup:
    """A link that people shared, and who shared it, on the page."""
    people = "; ".join(f'<bdi>{_known(one.name)}</bdi> (<a href="#{one.anchor}">{one.question}</a>)' for one in shares)
    return Markup(  # noqa: S704 -- every text in it is escaped
        f'<li><a href="{escape(link.url)}" rel="nofollow noopener">{escape(link.shown)}</a>\n'
        f'<span class="small">{_known(_("shared by"))} {people}</span></li>\n'
    )


def wordpress_link(link: SharedLink, shares: Iterable[Share]) -> Markup:
    """A link that people shared, and who shared it, to paste into WordPress."""
    people = "; ".join(f'{_inert(one.name)} (<a href="#{one.anchor}">{one.question}</a>)' for one in shares)
    return Markup(  # noqa: S704 -- every text in it is escaped
        f'<li><a href="{inert(link.url)}" rel="nofollow noopener">{inert(link.shown)}</a>, '
        f"{_known(_('shared by'))} {people}</li>\n"
    )


def _page_post(one: Entry) -> str:
    handle = f' <bdi class="small">{_known(one.handle)}</bdi>' if one.handle else ""
    place = _known(one.place)
    if one.url:
        place = f'<a class="place" href="{escape(one.url)}" rel="nofollow noopener">{place}</a>'
    else:
        place = f'<span class="place">{place}</span>'
    edited = f' <span class="small">{_("edited")}</span>' if one.edited else ""
    highlight = f' <span class="star">{_("highlight")}</span>' if one.highlighted else ""
    return (
        f'<div class="post" id="{one.anchor}">\n'
        f'<p class="by"><b><bdi>{_known(one.name)}</bdi></b>{handle} <span class="meta">'
        f'<a class="at" href="#{one.anchor}"><span class="hush">{_("Link to this post,")} </span>'
        f'<time datetime="{one.utc}">{one.at}</time></a> {place}{edited}{highlight}</span></p>\n'
        f'{_above(one)}<p class="text" dir="auto">{one.text}</p>\n{_also(one)}</div>\n'
    )


def _wordpress_post(one: Entry) -> str:
    """A post, with such elements and attributes only as WordPress lets everybody use."""
    handle = f' <span dir="auto">{_inert(one.handle)}</span>' if one.handle else ""
    place = _inert(one.place)
    if one.url:
        place = f'<a href="{inert(one.url)}" rel="nofollow noopener">{place}</a>'
    marks = f", {_('edited')}" if one.edited else ""
    marks += f", <em>{_('highlight')}</em>" if one.highlighted else ""
    if one.to:
        marks += f', {_("in reply to")} <a href="#{one.to_anchor}">{_inert(one.to)}</a>'
    marks += "".join(f', {_("also under")} <a href="#{there}">{label}</a>' for label, there in one.also)
    return (
        f'<p id="{one.anchor}"><strong dir="auto">{_inert(one.name)}</strong>{handle}, {one.at}, {place}{marks}</p>\n'
        f'<blockquote dir="auto"><p>{inert(one.text)}</p></blockquote>\n'
    )


def _above(one: Entry) -> str:
    if not one.to:
        return ""
    return f'<p class="to">{_("in reply to")} <a href="#{one.to_anchor}"><bdi>{_known(one.to)}</bdi></a></p>\n'


def _also(one: Entry) -> str:
    links = ", ".join(f'<a href="#{there}">{label}</a>' for label, there in one.also)
    return f'<p class="to">{_("also under")} {links}</p>\n' if links else ""


@lru_cache(maxsize=4096)
def _known(text: str) -> str:
    """A text that comes again and again, as a name, escaped."""
    return str(escape(text))


@lru_cache(maxsize=4096)
def _inert(text: str) -> str:
    return str(inert(text))
