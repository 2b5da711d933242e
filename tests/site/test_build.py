"""A site in a folder: what is written, what is written again, what is taken away, and what a crash leaves."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import pytest

from bot.errors import SetupError
from bot.reporting.files import Report
from bot.reporting.imprint import Imprint
from bot.site.build import PublishedChat, build_site
from bot.site.folder import MARKER
from bot.site.pages import Site
from tests.site.samples import NOW, held, published

SITE = Site(address="https://chats.example.org/archive")
HIDDEN = {MARKER, ".convenor-site.lock"}


def build(folder: Path, *chats: PublishedChat, site: Site = SITE) -> tuple[tuple[str, ...], tuple[str, ...]]:
    done = build_site(folder, site, chats, NOW)
    return done.written, done.removed


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a site but its marker and lock."""
    found = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    return {name: data for name, data in found.items() if name not in HIDDEN}


class Links(HTMLParser):
    """The addresses in a page, and its ids."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        values = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := values.get(name))]
        self.ids.add(values.get("id") or "")


def test_a_site_has_a_page_for_each_chat_and_lists_of_them(tmp_path: Path) -> None:
    assert build(tmp_path / "site", published(held(1)), published(held(2))) == (
        ("pretend/chat-1", "pretend/chat-2"),
        (),
    )
    found = files(tmp_path / "site")
    assert set(found) == {
        *("index.html", "hosts.html", "hashtags.html", "questions.html"),
        *("feed.atom", "calendar.ics", "sitemap.xml", "robots.txt", "pretend/index.html"),
        *(f"pretend/chat-{number}{end}" for number in (1, 2) for end in (".html", ".md", ".json", ".csv", ".cpd.html")),
    }
    for name in ("pretend/chat-1.html", "pretend/chat-1.cpd.html"):
        assert b"We use teams" in found[name]


def test_every_link_within_the_site_leads_to_a_file_and_an_anchor_in_it(tmp_path: Path) -> None:
    odd = held(3, "Zoë #1 & Söhne", name="odd series/a chat? 100%", hashtag="")
    build(tmp_path, published(held(1)), published(held(2)), published(odd))
    pages = {name: Links(data) for name, data in files(tmp_path).items() if name.endswith(".html")}
    followed = 0
    for name, page in pages.items():
        for link in page.links:
            split = urlsplit(link)
            if not split.scheme:
                target = os.path.normpath(Path(name).parent / unquote(split.path)) if split.path else name
                assert (tmp_path / target).is_file(), f"{name} leads to {link}"
                assert not split.fragment or unquote(split.fragment) in pages[target].ids, f"{name} leads to {link}"
                followed += 1
    assert followed > 50


def test_the_same_again_writes_nothing_and_a_change_writes_one_chat(tmp_path: Path) -> None:
    first, second = published(held(1)), published(held(2))
    build(tmp_path, first, second)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*") if path.name not in HIDDEN}
    assert build(tmp_path, second, first) == ((), ())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*") if path.name not in HIDDEN} == before
    changed = published(held(1), state="2", text="We moved to whiteboards")
    assert build(tmp_path, changed, second) == (("pretend/chat-1",), ())
    assert b"whiteboards" in files(tmp_path)["pretend/chat-1.html"]
    feed = files(tmp_path)["feed.atom"].decode()
    assert feed.index("Chat number 1") < feed.index("Chat number 2"), "what changed last comes first"


def test_first_timers_stay_counted_when_the_ids_of_accounts_are_deleted(tmp_path: Path) -> None:
    counted = b"<td>2</td><td>2</td><td>2</td>"
    build(tmp_path / "kept", published(held(1)))
    build(tmp_path / "kept", published(held(1), state="2", known=False))
    assert counted in files(tmp_path / "kept")["pretend/index.html"]
    build(tmp_path / "late", published(held(1), known=False))
    assert b"<td>2</td><td>2</td><td>n/a</td>" in files(tmp_path / "late")["pretend/index.html"]


def test_one_more_chat_gives_the_same_site_as_all_at_once(tmp_path: Path) -> None:
    build(tmp_path / "one", published(held(1)), published(held(2)))
    build(tmp_path / "two", published(held(2)))
    build(tmp_path / "two", published(held(2)), published(held(1)))
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_chat_that_is_published_no_more_is_gone_from_every_file(tmp_path: Path) -> None:
    lone = held(3, "Only host", name="alone/talk", title="A lone talk")
    build(tmp_path, published(held(1)), published(lone))
    assert build(tmp_path, published(held(1))) == ((), ("alone/talk",))
    assert not (tmp_path / "alone").exists()
    assert [one for one in tmp_path.rglob("*") if one.is_file() and b"lone" in one.read_bytes()] == []


def test_a_chat_that_is_published_no_more_is_gone_even_if_nothing_can_be_written(tmp_path: Path) -> None:
    def full(_imprint: Imprint) -> Report:
        raise SetupError("no space left")

    first, second = published(held(1)), published(held(2))
    build(tmp_path, first, second)
    with pytest.raises(SetupError):
        build(tmp_path, second._replace(state="2", prepare=full))
    assert not list(tmp_path.glob("pretend/chat-1*"))
    build(tmp_path, second)
    assert all(b"chat-1" not in data for data in files(tmp_path).values())


def test_a_page_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    build(tmp_path, published(held(1)))
    (tmp_path / "pretend/chat-1.html").unlink()
    assert build(tmp_path, published(held(1)))[0] == ("pretend/chat-1",)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(SetupError, match="no site of Convenor's"):
        build(tmp_path, published(held(1)))
    assert files(tmp_path) == {"index.html": b"mine"}


def test_files_of_others_in_a_site_stay(tmp_path: Path) -> None:
    build(tmp_path, published(held(1)))
    (tmp_path / "pretend" / "own.css").write_text("mine")
    build(tmp_path)
    assert (tmp_path / "pretend" / "own.css").read_text() == "mine"
    assert not (tmp_path / "pretend" / "chat-1.html").exists()


def test_after_a_crash_between_two_chats_nothing_is_forgotten_and_the_rest_is_done(tmp_path: Path) -> None:
    def crash(_imprint: Imprint) -> Report:
        raise KeyboardInterrupt

    first, second = published(held(1)), published(held(2))
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, first, second._replace(prepare=crash))
    (tmp_path / "pretend" / ".writing-0123").mkdir()
    (tmp_path / "pretend" / ".writing-0123" / "chat-3.html").write_text("half of the words of somebody")
    assert build(tmp_path, second)[0] == ("pretend/chat-2",), "the first was withdrawn meanwhile"
    assert not list(tmp_path.rglob("*chat-1*"))
    assert not list(tmp_path.rglob(".writing*"))


def test_a_page_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    build(tmp_path, published(held(1)))
    old = files(tmp_path)["pretend/chat-1.html"]

    def half(imprint: Imprint) -> Report:
        report = published(held(1)).prepare(imprint)

        def write(file: BinaryIO) -> None:
            file.write(b"half")
            raise OSError(28, "No space left on device")

        return report._replace(writers={**report.writers, "transcript.html": write})

    with pytest.raises(SetupError, match="No space left"):
        build(tmp_path, published(held(1), state="2")._replace(prepare=half))
    assert files(tmp_path)["pretend/chat-1.html"] == old
    assert not list(tmp_path.rglob(".writing*"))
    assert build(tmp_path, published(held(1), state="1"))[0] == ("pretend/chat-1",), "it is not taken for whole"


def test_a_marker_that_names_files_elsewhere_deletes_none(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    site = tmp_path / "site"
    build(site, published(held(1)))
    marker = json.loads((site / MARKER).read_bytes())
    (site / MARKER).write_text(json.dumps(marker | {"files": [*marker["files"], "../precious"]}))
    with pytest.raises(SetupError, match="leads out of itself"):
        build(site, published(held(1)))
    assert (tmp_path / "precious").read_text() == "keep"


def test_a_chat_called_index_has_a_page_beside_that_of_its_series(tmp_path: Path) -> None:
    build(tmp_path, published(held(1, name="pretend/index")), published(held(2)))
    assert b"We use teams" in files(tmp_path)["pretend/index-chat.html"]
    assert b"The series over time" in files(tmp_path)["pretend/index.html"]


def test_search_engines_are_asked_to_leave_every_page_out_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    build(tmp_path / "hidden", published(held(1)))
    build(tmp_path / "listed", published(held(1)), site=Site(indexed=True, address=SITE.address))
    for name, data in files(tmp_path / "hidden").items():
        if name.endswith(".html"):
            assert b'<meta name="robots" content="noindex">' in data, name
            assert b"noindex" not in files(tmp_path / "listed")[name], name
    assert b"Sitemap: https://chats.example.org/archive/sitemap.xml" in files(tmp_path / "listed")["robots.txt"]
