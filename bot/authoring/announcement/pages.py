"""Reads saved web pages, and the HTML that documents and e-mails are made of, as lines of plain text.

resiliparse keeps the article and leaves menus, comments and notices out. It also leaves out every list with bullets, so
those without links are written as lines before. The page's own heading tells where the post begins.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.date_forms import is_only_a_date
from bot.readable.links import web_url

if TYPE_CHECKING:
    from resiliparse.parse.html import ElementNode, HTMLTree

_PROFILE = re.compile(r"(?i)^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<handle>\w{2,30})/?(?:\?.*)?$")
_ON_X = re.compile(r"(?i)https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:\w+/?(?:\?.*)?$|hashtag/)")
"""Profiles and hashtags, which are read as handles and hashtags."""

_NO_PROFILE = frozenset(("hashtag", "search", "home", "share", "intent", "explore", "settings", "login"))
_PUBLISHED = re.compile(
    r"(?i)(?:article:published_time[\"']\s+content=[\"']|\"datePublished\"\s*:\s*\")(20\d\d)-(\d\d)-(\d\d)"
)
_BY = re.compile(r"(?:^|\s)[Bb]y\s+([^|\u2013\u2014]{3,60}?)\s*(?:$|[|\u2013\u2014]|\s-\s)")

_SIGNS = " |\u00bb\u00ab\u2022\u00b7\u2013\u2014:-"
"""Signs between a page's title and the name of its site."""

_OF_THE_SITE = re.compile(r"(?i)\b(?:site|blog)-?(?:title|name)\b")
"""Classes of a heading that is the site's name."""

_NESTED = re.compile(r"(?i)<(/?)(?:div|ul|ol|span|table|section|article|blockquote|b|i|em|strong|font|center)\b")

_DEEPEST = 200
"""Tags inside each other in a page."""

_SHORT_TITLE = 6
"""Characters of a heading below which it is not compared with the page's title."""


def _shallow(html: str) -> str:
    """The HTML; without its tags if they are nested deeper than in any page, which would take minutes to read."""
    depth = deepest = 0
    for tag in _NESTED.finditer(html):
        depth = max(0, depth + (-1 if tag[1] else 1))
        deepest = max(deepest, depth)
    return re.sub(r"<[^<>]*>", "\n", html) if deepest > _DEEPEST else html


def read_page(html: str) -> AnnouncementText:
    """The article of a page; all of the page if nearly nothing was taken for its article."""
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415 -- only for pages

    html = _shallow(html)
    tree = HTMLTree.parse(html)
    whole, article = plain_text(html), plain_text(html, article=True)
    text = article if len(article) > min(400, len(whole) // 10) else whole
    heading = _heading(tree)
    by = _BY.search(tree.title or "")
    return AnnouncementText(
        text=_from_heading(text, heading),
        title=heading or tree.title or "",
        author=by[1].strip() if by else "",
        site=_site(tree, heading),
        posted=_published(html),
        links=links_behind(html, text),
    )


def plain_text(html: str, *, article: bool = False) -> str:
    """The words of HTML, with "•" before the items of a list; `article`: only those of the article in it."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 -- only where there is HTML
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415

    tree = HTMLTree.parse(_shallow(html))
    if tree.body:
        _name_profiles(tree.body)
        if article:
            _write_bullets(tree, tree.body)
    return extract_plain_text(tree, main_content=article, list_bullets=True, alt_texts=False)


def links_behind(html: str, text: str) -> tuple[str, ...]:
    """The web addresses to which words of `text` lead in its HTML; profiles and hashtags on X are left out."""
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415 -- only where there is HTML

    body, said = HTMLTree.parse(_shallow(html)).body, _words(text)
    if not body:
        return ()
    links = ((_words(_text(one)), one.get_attribute("href") or "") for one in body.query_selector_all("a"))
    found = (url for words, url in links if words and words in said and not _ON_X.match(url))
    return tuple(dict.fromkeys(url for url in found if web_url(url)))


def _write_bullets(tree: HTMLTree, body: ElementNode) -> None:
    """Makes lines of the lists that are no menus."""
    from resiliparse.parse.html import ElementNode  # noqa: PLC0415 -- only for pages

    for found in reversed(list(body.query_selector_all("ul"))):
        links = sum(len(_text(one)) for one in found.query_selector_all("a"))
        lines = tree.create_element("div")
        if not found.parent or not isinstance(lines, ElementNode) or links * 2 > len(_text(found)):
            continue
        lines.set_attribute("class", found.get_attribute("class") or "")
        items = [one for one in found.children if isinstance(one, ElementNode) and one.tag == "li"]
        lines.inner_html = "".join(f"<div>\u2022 {one.inner_html}</div>" for one in items)
        found.parent.replace_child(lines, found)


def _name_profiles(body: ElementNode) -> None:
    """Writes the handle behind a name that is a link to somebody's profile on X."""
    for link in list(body.query_selector_all("a")):
        found = _PROFILE.match(link.get_attribute("href") or "")
        words = _text(link)
        if found and words and "@" not in words and found["handle"].casefold() not in _NO_PROFILE:
            link.inner_html = f"{link.inner_html} (@{found['handle']})"


def _heading(tree: HTMLTree) -> str:
    """The post's heading: the longest that the page's title repeats, or else the first of the highest level."""
    if not tree.body:
        return ""
    named = _words(tree.title or "")
    found = [one for level in ("h1", "h2", "h3") for one in tree.body.query_selector_all(level)]
    texts = [_text(one) for one in found if not _OF_THE_SITE.search(one.get_attribute("class") or "")]
    site = _words(_property(tree, "og:site_name"))
    repeated = [one for one in texts if len(one) >= _SHORT_TITLE and _words(one) in named and _words(one) != site]
    first = [_text(one) for one in tree.body.query_selector_all("h1")]
    return max(repeated, key=len, default="") or next((one for one in first if one), "")


def _site(tree: HTMLTree, heading: str) -> str:
    """The name of the site: as the page gives it, or what its title has beside the heading."""
    before, found, after = (tree.title or "").partition(heading) if heading else ("", "", "")
    beside = before.strip(_SIGNS) or after.strip(_SIGNS) if found else ""
    return _property(tree, "og:site_name") or beside


def _property(tree: HTMLTree, name: str) -> str:
    """The Open Graph value of this name in the page's head; empty if there is none."""
    found = tree.head.query_selector(f'meta[property="{name}"]') if tree.head else None
    return (found.get_attribute("content") or "").strip() if found else ""


def _text(node: ElementNode) -> str:
    return " ".join((node.text or "").split())


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text).casefold().split())


def _from_heading(text: str, heading: str) -> str:
    """The text from its heading on. Of what stands above, only a date is kept, as the day when it was posted."""
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if heading and _words(line) == _words(heading)), None)
    if at is None or sum(map(len, lines[:at])) * 2 > len(text):
        return text
    dates = [f"Posted on {line.strip()}" for line in lines[:at] if is_only_a_date(line)]
    return "\n".join([lines[at], "", *dates, *lines[at + 1 :]])


def _published(html: str) -> date | None:
    found = _PUBLISHED.search(html)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
