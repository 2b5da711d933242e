"""The CPD sheet from a record: whose messages are on it, its prompts, and both of its formats."""

from __future__ import annotations

import re
from datetime import UTC
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from docx import Document

from bot.cpd import HCPC, Sheet, word_document
from bot.errors import SetupError
from bot.messages import AnyEvent, Author
from bot.reporting.cpd import sheet_of, sheet_page, write_sheet, writers_of
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, edited, said, withdrew

HOUR: list[AnyEvent] = [
    asked("q1", 10),
    asked("closing", 60),
    said("1", "Hello <all> & welcome", 5),
    said("2", "A1 Before", 12),
    edited("2", "A1 A group \x00 a week", 13),
    said("3", "A1 Another's", 14, "B"),
    said("4", "A1 Mine elsewhere", 15, place="room"),
    said("5", "A1 Left out", 16, "C"),
    withdrew("C"),
]


def sheet(name: str = "", **changes: object) -> Sheet:
    return sheet_of(record(chat(**changes), HOUR), name)


def text_of(data: bytes) -> str:
    return "\n".join(one.text for one in Document(BytesIO(data)).paragraphs)


@pytest.mark.parametrize("name", ["Pretend participant A", "@pretend_a", "PRETEND_A "])
def test_it_has_what_one_person_wrote_as_it_reads_now(name: str) -> None:
    found = sheet(name)
    assert [(one.question, one.text) for one in found.contributions] == [
        ("", "Hello <all> & welcome"),
        ("Q1", "A1 A group \x00 a week"),
        ("Q1", "A1 Mine elsewhere"),
    ]
    assert found.name == "Pretend participant A"


def test_a_reader_gets_one_without_anybody_s_words() -> None:
    found = sheet()
    assert (found.name, found.contributions) == ("", ())
    assert found.questions == ("Q1. Pretend question 1?", "Q2. Pretend question 2?", "Q3. Pretend question 3?")
    assert dict(found.facts) == {
        "Date": "Tuesday 13 October 2020, 20:00 to 21:00 (Europe/London)",
        "Length": "60 minutes",
        "Hosted by": "Pretend host",
        "Hashtag": "#OTalk",
    }


@pytest.mark.parametrize("name", ["Pretend participant C", "Pretend participant D", "pretend"])
def test_who_was_left_out_or_never_wrote_is_nobody(name: str) -> None:
    with pytest.raises(SetupError, match=f"Nobody called '{name}'"):
        sheet(name)


def test_two_people_of_one_name_are_told_apart_by_handle() -> None:
    twin = Author(id="twin", handle="@twin", name="Pretend participant A")
    events = [*HOUR, msgspec.structs.replace(said("6", "A1 The twin's"), author=twin)]
    with pytest.raises(SetupError, match="@pretend_A, @twin"):
        sheet_of(record(chat(), events), "Pretend participant A")
    assert [one.text for one in sheet_of(record(chat(), events), "@twin").contributions] == ["A1 The twin's"]


def test_prompts_are_the_regulator_s_or_the_chat_s_own() -> None:
    assert [one.heading for one in sheet().prompts] == [one.partition(": ")[0] for one in HCPC]
    own = sheet(reflection=("Learning: What is new: to me?", "A plan")).prompts
    assert [(one.heading, one.text) for one in own] == [("Learning", "What is new: to me?"), ("A plan", "")]


def test_the_page_escapes_loads_nothing_and_sends_nothing() -> None:
    page = sheet_page(sheet("@pretend_a", title="<b>Bold</b>"))
    assert "Hello &lt;all&gt; &amp; welcome" in page
    assert "<b>Bold" not in page
    assert "A group \N{REPLACEMENT CHARACTER} a week" in page
    assert page.count("<textarea") == page.count("<label for=") == len(HCPC)
    assert not any(found in page for found in ("<form", "<script", "src="))
    assert not any("name=" in one for one in re.findall(r"<textarea[^>]*>", page))
    assert "form-action 'none'" in page


def test_word_has_the_same(tmp_path: Path) -> None:
    write_sheet(sheet("@pretend_a"), tmp_path / "new" / "sheet.DOCX")
    data = (tmp_path / "new" / "sheet.DOCX").read_bytes()
    text = text_of(data)
    for part in ("A pretend chat", "Q3. Pretend question 3?", "Q1, 20:12: A1 A group", "A record of what I did"):
        assert part in text
    assert "Another's" not in text
    about = Document(BytesIO(data)).core_properties
    assert (about.author, about.title) == ("", "CPD sheet: A pretend chat")
    assert about.created is not None
    assert about.created.replace(tzinfo=UTC) == at(60), "not the time of writing"
    odd = msgspec.structs.replace(sheet(), title="\ud800 odd \x0b", hosts=("\ufffe",))
    assert "odd" in text_of(word_document(odd))


def test_on_the_page_everybody_finds_what_they_wrote_and_a_message_without_a_name_is_nobodys() -> None:
    events = [
        *HOUR,
        said("9", "A1 without my name", 12, who="E", unnamed=True),
        said("10", "A1 <b>mine</b>", 13, who="E"),
    ]
    found = record(chat(), events)
    writers = writers_of(found)
    assert {(one.place, one.name) for one in writers} == {(one.place, one.author.name) for one in found.messages}
    [mine] = [one for one in writers if one.name == "Pretend participant E"]
    assert [one.text for one in mine.contributions] == ["A1 <b>mine</b>"]
    assert [one.question for one in mine.contributions] == ["Q1"]
    page = sheet_page(sheet_of(found), writers=writers)
    for one in writers:
        assert page.count(f'href="#{one.anchor}"') == page.count(f'id="{one.anchor}"') == 1
    assert "without my name" not in page
    assert "A1 &lt;b&gt;mine&lt;/b&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet", "there/sheet.html"])
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "there").write_text("a file, where a folder is needed")
    with pytest.raises(SetupError, match=r"has to end in|cannot be written"):
        write_sheet(sheet(), tmp_path / name)
