"""The web addresses that people shared, each once, with who shared it where. Pure.

Two addresses are one if they differ only in what tracks readers, in `www.`, in `http` or `https`, or in a slash at the
end. Links to messages of the chat are no resources, and nothing here is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.messages import Value
from bot.ports.views import MessageView
from bot.readable.links import split_links, web_url
from bot.reporting.record import Record

_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|hsa_|ns_|vero_|oly_).*"  # campaigns: Google Analytics, Matomo, HubSpot, comScore, Vero, Omeda
    r"|[a-z]*cl(?:id|kid)|gbraid|wbraid|gclsrc|li_fat_id|igsh(?:id)?"  # clicks: Google, Facebook, Bing, TikTok, X, …
    r"|mc_[ce]id|_hs(?:enc|mi)|__hs\w+|mkt_tok|_openstat|wickedid|s_cid|cmpid|ref_src|ref_url",  # newsletters, embeds
    re.IGNORECASE,
)
_TRACKING_ON = {
    "youtube.com": {"si", "feature", "pp"},
    "youtu.be": {"si"},
    "open.spotify.com": {"si"},
    "x.com": {"s", "t"},
    "twitter.com": {"s", "t"},
}
_PARTS = re.compile(r"https?://(?:www\.)?([^/?#]*)([^?#]*)(.*)", re.IGNORECASE | re.DOTALL)
"""The site, the path and the rest of an address."""

_HIGHLIGHT = ":~:"
"""Begins the words in a page to which a link scrolls; they are not part of the page's address."""


class SharedLink(Value, frozen=True, kw_only=True):
    """An address without what tracks its readers, and the messages that have it, in order of time."""

    url: str
    messages: tuple[MessageView, ...]

    @property
    def shown(self) -> str:
        """The address as people read it."""
        return re.sub(r"^https?://(?:www\.)?", "", self.url, flags=re.IGNORECASE).rstrip("/") or self.url


def shared_links(record: Record) -> tuple[SharedLink, ...]:
    """The addresses in the order in which they were first shared."""
    own = {_same(one.url) for one in record.messages if one.url}
    urls, messages = dict[str, str](), dict[str, dict[tuple[str, str], MessageView]]()
    for one in record.messages:
        for url in _addresses(one.text):
            if (key := _same(url)) not in own:
                urls.setdefault(key, url)
                messages.setdefault(key, {})[one.place, one.id] = one
    return tuple(SharedLink(url=url, messages=tuple(messages[key].values())) for key, url in urls.items())


def without_tracking(url: str) -> str:
    """The address without parameters that only tell where a reader came from; any other stays as it was written."""
    if "?" not in url and _HIGHLIGHT not in url:
        return url
    parts = _split(url)
    if parts is None or not (parts.query or _HIGHLIGHT in parts.fragment):
        return url
    tracking = _TRACKING_ON.get(_site(parts), set[str]())
    kept = [one for one in parts.query.split("&") if not _tracks(one.partition("=")[0], tracking)]
    fragment = parts.fragment.partition(_HIGHLIGHT)[0]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=fragment))


def _addresses(text: str) -> Iterator[str]:
    for piece, is_link in split_links(text):
        if is_link and (url := web_url(without_tracking(piece))):
            yield url


def _tracks(name: str, tracking: set[str]) -> bool:
    return name in tracking or _TRACKING.fullmatch(name) is not None


def _same(url: str) -> str:
    """The same for all addresses of one page."""
    found = _PARTS.match(url)
    return f"{found[1].casefold()}{found[2].rstrip('/')}{found[3]}" if found else url


def _site(parts: SplitResult) -> str:
    return parts.netloc.casefold().removeprefix("www.")


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that are no address of the newer kind
        return None
