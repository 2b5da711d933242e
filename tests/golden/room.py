"""What people do on the room's pages, and what these pages offer: addresses, forms, fields and buttons."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.golden import plain
from tests.golden.program import Browser, Page

_VALUED = {"say", "do", "typed", "never"}
"""Fields whose values are words of the program, and not somebody's."""

_LOOKS = {"href": {"a", "link"}, "src": {"img", "script"}}


class _Reader(HTMLParser):
    """Gathers a page's links, and what its forms would send."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.offers: list[str] = []
        self.fields: dict[str, str] = {}
        self.answer = ""
        self._forms: dict[str, tuple[str, str, set[str]]] = {}
        self._current = ""
        self._answering = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name, tags in _LOOKS.items():
            if tag in tags and found.get(name):
                self.links.append(found[name])
        if tag == "form":
            self._current = found.get("id") or f"form {len(self._forms)}"
            self._forms[self._current] = (found.get("method", "get").upper(), found.get("action", ""), set())
        elif found.get("name") and tag in {"input", "select", "textarea", "button"}:
            self._field(found.get("form", self._current), found)
        self._answering = self._answering or (tag == "span" and found.get("class") == "answer")
        self.answer += "\n" * (tag == "br" and self._answering)

    def _field(self, form: str, found: dict[str, str]) -> None:
        name, value = found["name"], found.get("value", "")
        self.fields[name] = value
        self.offers.append(f"{form}\0{name}={value}" if name in _VALUED and value else f"{form}\0{name}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._current = ""
        self._answering = self._answering and tag != "span"

    def handle_data(self, data: str) -> None:
        self.answer += data if self._answering else ""

    def forms(self) -> Iterator[str]:
        """Each form as its method, its address and its fields; a button with words of its own is one of them."""
        for name, (method, action, _) in self._forms.items():
            fields = {offer.partition("\0")[2] for offer in self.offers if offer.partition("\0")[0] == name}
            yield f"{method} {action or '(here)'} " + " ".join(sorted({f"[{plain.alike(one)}]" for one in fields}))


def read(page: Page) -> _Reader:
    """A page, read."""
    reader = _Reader()
    reader.feed(page.text)
    return reader


def token(who: Browser, chat: str) -> str:
    """What the forms of a chat's page carry for whoever looks at it."""
    return read(who.open(f"/{chat}")).fields.get("token", "")


def joined(who: Browser, chat: str, name: str) -> None:
    """Come in under a name."""
    assert who.open(f"/{chat}/join", {"token": token(who, chat), "name": name}).status == 200


def said(who: Browser, chat: str, text: str, reply: str = "") -> str:
    """Say something; the id that it got."""
    fields = {"token": token(who, chat), "text": text, "to": "", "reply": f"room/{reply}" if reply else ""}
    page = who.open(f"/{chat}/say", fields)
    assert page.status == 200, page
    return page.address.rpartition("#m-room-")[2]


def commanded(who: Browser, chat: str, line: str) -> str:
    """Give a command on the host's page, as typed there; the answer."""
    page = who.open(f"/{chat}/host", {"token": token(who, f"{chat}/host"), "say": line, "typed": "yes"})
    assert page.status == 200, page
    return read(page).answer.strip()


def offered(who: Browser, *begin: str) -> list[str]:
    """Every address that can be reached from here by links, with its kind, and every form, each once."""
    ahead, seen, found = deque(begin), set[str](), set[str]()
    while ahead:
        path = ahead.popleft()
        if path in seen:
            continue
        seen.add(path)
        page = who.open(path)
        found.add(f"GET {path} gives {page.status} {page.headers.get_content_type()}")
        if page.headers.get_content_type() != "text/html":
            continue
        reader = read(page)
        found |= set(reader.forms())
        for link in reader.links:
            whole = urldefrag(urljoin(f"{who.room}{path}", link)).url
            if whole.startswith(who.room):
                ahead.append(whole.removeprefix(who.room) or "/")
            else:
                found.add(f"leads to {urlsplit(whole).netloc}")
    return sorted({plain.alike(one) for one in found})


def heads(page: Page) -> list[str]:
    """The headers of an answer that say what a browser may do, and the names and traits of its cookies."""
    cookies = [re.sub(r"=[^;]*", "=…", one, count=1) for one in page.headers.get_all("Set-Cookie") or []]
    quiet = {"date", "server", "content-length", "set-cookie", "etag", "last-modified"}
    told = [f"{name.lower()}: {value}" for name, value in page.headers.items() if name.lower() not in quiet]
    return sorted([*told, *(f"set-cookie: {one}" for one in cookies)])
