from __future__ import annotations

import io
import json
import os
import random
import re
from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Chat, Host, Question
from bot.errors import SetupError
from bot.messages import AnyEvent, Author, Gap, MessageHighlighted, SummaryWritten, event_log
from bot.reporting.contents import contents_of
from bot.reporting.cpd import sheet_of, sheet_page
from bot.reporting.file_set import WriteTo
from bot.reporting.files import NAMES, prepare, render_page, write
from bot.reporting.page_text import anchor
from bot.reporting.record import record
from tests.reporting.sample_events import START, asked, at, chat, deleted, edited, said
from tests.reporting.test_record import some

FILES = sorted(NAMES.values())
EVIL = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} javascript:alert(1)"


class Page(HTMLParser):
    """The tags, attributes, ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        if len(tag) == 2 and tag[1].isdigit():
            self.headings.append(int(tag[1]))


def html(*events: AnyEvent, of: Chat | None = None) -> str:
    found = record(of or chat(), events)
    return "".join(render_page(contents_of(found)))


def test_all_files_are_written(tmp_path: Path) -> None:
    written = write(tmp_path / "a" / "b", chat(), some(1))
    assert sorted(one.name for one in (tmp_path / "a" / "b").iterdir()) == FILES
    assert written.html == tmp_path / "a" / "b" / "transcript.html"
    assert json.loads(written.numbers.read_bytes())["posts"] == written.figures.posts
    assert written.events.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_same_events_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    events = some(7)
    shuffled = [*events, *events]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - not a secret
    write(tmp_path / "one", chat(), events)
    write(tmp_path / "two", chat(), shuffled)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_written_log_gives_the_same_transcript(tmp_path: Path) -> None:
    one = write(tmp_path / "one", chat(), some(7))
    two = write(tmp_path / "two", chat(), event_log.read(one.events))
    for first, second in ((one.transcript, two.transcript), (one.numbers, two.numbers), (one.events, two.events)):
        assert first.read_bytes() == second.read_bytes()


def test_the_transcript_has_the_shape_that_was_promised(tmp_path: Path) -> None:
    gap = Gap(place="x", at=at(14), since=at(12), until=at(14))
    events = (
        asked("q1", 10),
        said("1", "A1 Teams", 12, url="https://example.org/1"),
        said("2"),
        said("3", minutes=70),
        gap,
    )
    file = json.loads(write(tmp_path, chat(), events).transcript.read_bytes())
    assert list(file) == ["chat", "questions", "before", "after", "gaps", "summary", "highlights", "links"]
    assert file["chat"] == {
        "name": "pretend/2020-10-13-groups",
        "title": "A pretend chat",
        "hashtag": "#OTalk",
        "starts": "2020-10-13T19:00:00Z",
        "ends": "2020-10-13T20:00:00Z",
        "timezone": "Europe/London",
        "hosts": ["Pretend host"],
        "link": None,
    }
    assert [(one["key"], one["text"]) for one in file["questions"]][2] == ("q3", "Pretend question 3?")
    ids = [one["author"]["id"] for one in file["questions"][0]["messages"]]
    assert re.fullmatch("p-[0-9a-f]{16}", ids[0])
    assert file["questions"][0]["messages"] == [
        {
            "place": "x",
            "id": "1",
            "author": {"id": ids[0], "handle": "@pretend_A", "name": "Pretend participant A"},
            "text": "A1 Teams",
            "at": "2020-10-13T19:12:00Z",
            "url": "https://example.org/1",
            "reply_to": None,
            "reason": "mark",
            "edited": None,
        }
    ]
    assert [one["id"] for one in file["before"] + file["after"]] == ["2", "3"]
    assert file["gaps"] == [{"from": "2020-10-13T19:12:00Z", "to": "2020-10-13T19:14:00Z", "place": "x"}]


def test_a_failure_leaves_the_old_files_and_no_temporary_ones(tmp_path: Path) -> None:
    write(tmp_path, chat(), [said("1", "old")])
    before = (tmp_path / "transcript.md").read_bytes()
    (tmp_path / "numbers.json").unlink()
    (tmp_path / "numbers.json").mkdir()
    with pytest.raises(SetupError, match="cannot be written: "):
        write(tmp_path, chat(), [said("1", "new")])
    assert sorted(one.name for one in tmp_path.iterdir()) == FILES
    assert b"old" in before


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(SetupError, match="Give another folder"):
        write(tmp_path / "out", chat(), [])


def test_the_page_needs_nothing_from_elsewhere() -> None:
    found = Page(html(*some(3)))
    assert not {"link", "img", "iframe", "object", "base"} & set(found.tags)
    assert not {"src", "srcset", "style", "action"} & set(found.attributes)
    assert found.tags["script"] == 1
    assert "url(" not in html()
    assert "@import" not in html()


@pytest.mark.parametrize("number", range(5))
def test_the_page_is_built_as_a_page_should_be(number: int) -> None:
    found = Page(html(*some(number)))
    assert max(Counter(found.ids).values()) == 1
    assert found.tags["h1"] == found.tags["main"] == found.tags["header"] == found.tags["footer"] == 1
    assert found.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert '<html lang="en-GB">' in html()


def test_hostile_texts_are_shown_literally() -> None:
    evil = Author(id=EVIL[:100], handle=EVIL, name=EVIL)
    host = chat(
        title=EVIL,
        hashtag=EVIL,
        link="javascript:alert(1)",
        hosts=(Host(name=EVIL),),
        questions=(Question(key="q1", text=EVIL, at=at(10)),),
    )
    events = [
        said(EVIL[:50], EVIL, 11, author=evil, url="javascript:alert(1)", place=EVIL[:60]),
        said("2", "\0\x1b\ud800"),
    ]
    found = Page(html(*events, of=host))
    assert found.tags["script"] == 1
    assert "img" not in found.tags
    assert "onerror" not in found.attributes
    assert not [link for link in found.links if not link.startswith("#")]
    assert "49" not in html(*events, of=host).split("<main>")[0]
    html(*events, of=host).encode()


def test_addresses_in_a_text_are_links_that_vouch_for_nothing() -> None:
    text = html(said("1", "see https://example.org/?a=1&b=<2>, please"))
    assert (
        '<a href="https://example.org/?a=1&amp;b=" rel="nofollow noopener">https://example.org/?a=1&amp;b=</a>' in text
    )


def test_a_reply_shows_its_parent_if_that_is_published() -> None:
    events = (said("1", who="B"), said("2", minutes=6, reply_to="1"), said("3", minutes=7, reply_to="2"))
    text = html(*events)
    assert text.count("in reply to") == 1, "what stands below a post needs no word for that"
    assert 'in reply to <a href="#m-x-2"><bdi>Pretend participant A</bdi></a>' in text
    assert "in reply to" not in html(*events, deleted("2"))


def test_times_are_in_the_zone_of_the_chat() -> None:
    text = html(asked("q1", 10), said("1", minutes=12), said("2", minutes=60 * 5), edited("1", "Teams", 13))
    assert "Tuesday 13 October 2020, 20:00\u201321:00 BST (Europe/London)" in text
    assert '<time datetime="2020-10-13T19:12:00Z">20:12</time>' in text
    assert ">14 Oct 2020, 01:00</time>" in text
    assert "Asked at 20:10. 1 post from 1 account." in text
    assert '<span class="small">edited</span>' in text


def test_a_gap_is_shown_where_it_was() -> None:
    gap = Gap(place="room", at=at(14), since=at(12), until=at(14))
    text = html(said("1", "first", 11), gap, said("2", "second", 15))
    note = text.index("Nothing was heard in the room from 20:12 to 20:14.")
    assert text.index("first</p>") < note < text.index("second</p>")


def test_a_chat_over_midnight_and_weeks_has_a_readable_chart() -> None:
    text = html(said("1"), of=chat(length=timedelta(days=200), starts=START))
    assert text.count('<rect class="s0"') == 2, "one for all, and one below Before"
    assert "Posts in every 10080 minutes" in text


def test_nobody_came() -> None:
    text = html()
    assert text.count("No posts.") == 3
    assert 'id="people"' not in text


@given(st.tuples(st.text(max_size=4), st.text(max_size=4)), st.tuples(st.text(max_size=4), st.text(max_size=4)))
def test_no_two_messages_share_an_anchor(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (anchor(*one) == anchor(*other)) == (one == other)
    assert anchor(*one).replace("-", "").replace("_", "").isalnum()
    assert anchor(*one).isascii()


def test_an_anchor_is_easily_read() -> None:
    assert anchor("x", "1316080942412345345") == "m-x-1316080942412345345"


def test_a_chat_without_a_hashtag_shows_no_gap_in_its_place(tmp_path: Path) -> None:
    plain = msgspec.structs.replace(chat(), hashtag="")
    written = write(tmp_path, plain, [])
    shown = written.html.read_text(encoding="utf-8")
    assert re.search(rf"<title>{re.escape(plain.title)} . \w", shown)
    assert '<p class="kicker">transcript</p>' in shown
    assert "\n· " not in written.markdown.read_text(encoding="utf-8")


def test_a_message_that_names_several_questions_stands_under_each(tmp_path: Path) -> None:
    asked_twice: list[AnyEvent] = [asked("q1", 10), asked("q2", 20)]
    events = [*asked_twice, said("7", "A1/2 both of them", 25), said("8", minutes=26, reply_to="7")]
    written = write(tmp_path, chat(), events)
    told = json.loads(written.transcript.read_bytes())
    by_question = {one["key"]: [(each["id"], each["reason"]) for each in one["messages"]] for one in told["questions"]}
    assert by_question == {"q1": [("7", "mark"), ("8", "thread")], "q2": [("7", "mark")], "q3": []}
    assert written.markdown.read_text(encoding="utf-8").count("both of them") == 2
    page = Page(text := written.html.read_text(encoding="utf-8"))
    assert text.count("both of them") == 2
    assert {"m-x-7", "also-q2-m-x-7"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_no_text_and_no_name_turns_what_follows_round_and_a_new_line_is_one_in_every_format() -> None:
    """The log keeps what was typed."""
    turned = Author(id="7", handle="@ka\u202ete", name="Kate\u2067 \u202dP")
    events: list[AnyEvent] = [
        said("1", "A1 see \u202efdp.exe\r\nand more\rand more\u2028still", 11, author=turned),
        said("2", "A1 \u2066one\u2069 \u200f\u05d0\u05d1\u05d2 and \u202bthe rest", 12, author=turned, reply_to="1"),
        MessageHighlighted(place="x", id="1", at=at(70)),
        SummaryWritten(place="x", at=at(70), text="Thanks \u202eall"),
    ]
    of = chat(title="A \u202echat", hosts=(Host(name="H\u202eost"),))
    of = msgspec.structs.replace(of, questions=(msgspec.structs.replace(of.questions[0], text="Wh\u202eo?"),))
    report = prepare(of, events)
    written = {name: _written(write) for name, write in report.writers.items() if name != "events.jsonl"}
    written["cpd"] = sheet_page(sheet_of(report.record, "Kate P"))
    for name, shown in written.items():
        ours = shown.replace("\u2068", "").replace("\u2069", "")  # isolates around names, each with its end
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", ours), name
        assert shown.count("\u2068") == shown.count("\u2069"), name
        assert "\ufffd" not in shown, name
    assert "> A1 see fdp.exe\n> and more\n> and more\n> still\n" in written["transcript.txt"]
    assert "\u200f\u05d0\u05d1\u05d2" in written["transcript.csv"]
    assert "\\r\\n" in _written(report.writers["events.jsonl"])


def _written(write_to: WriteTo) -> str:
    write_to(file := io.BytesIO())
    return file.getvalue().decode()
