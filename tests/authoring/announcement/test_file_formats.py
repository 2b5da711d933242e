"""Announcements in the formats that people have, made here part by part; and files that are none."""

# ruff: noqa: RUF001 -- dashes and quotes as people write them
from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from odfdo import Document, Header, List, Paragraph

from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import MAX_BYTES, read_announcement
from bot.authoring.chatfile import SeriesFile
from bot.errors import UnreadableAnnouncementError

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def paragraph(*runs: str, item: bool = False) -> str:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>' if item else ""
    words = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{numbered}{words}</w:p>"


def word(*paragraphs: str, more: dict[str, str] | None = None) -> bytes:
    """A Word document of these paragraphs, with one numbered list."""
    numbers = (
        f'{_HEAD}<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    parts = {
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
        "word/document.xml": f"{_HEAD}<w:document {_W}><w:body>{''.join(paragraphs)}</w:body></w:document>",
        "word/numbering.xml": numbers,
        **(more or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return made.getvalue()


def test_word_with_a_numbered_list_and_tracked_changes() -> None:
    gone = '<w:del w:id="1" w:author="A"><w:r><w:delText>gone </w:delText></w:r></w:del>'
    new = '<w:ins w:id="2" w:author="A"><w:r><w:t>new</w:t></w:r></w:ins>'
    found = read_announcement(word(paragraph("Title"), paragraph("It is ", gone, new), paragraph("Why?", item=True)))
    assert [line.strip() for line in found.text.splitlines() if line.strip()] == ["Title", "It is new", "1. Why?"]


def test_open_document(tmp_path: Path) -> None:
    document = Document("text")
    document.body.clear()
    for part in (Header(1, "#OTalk 12 January"), Paragraph("Hosted by us"), List(["Why?", "How?"])):
        document.body.append(part)
    document.save(tmp_path / "a.odt")
    found = read_announcement((tmp_path / "a.odt").read_bytes())
    assert [line.strip() for line in found.text.splitlines() if line.strip()] == [
        *("#OTalk 12 January", "Hosted by us", "• Why?", "• How?")
    ]


def test_a_saved_page_without_what_is_around_the_post() -> None:
    page = """<!DOCTYPE html><html><head><title>Sleep | A blog</title></head><body><nav><ul><li>Home</li></ul></nav>
    <div class="cookie-notice">We use cookies. <button>Accept</button></div><main><article><h1>Sleep</h1>
    <p>Sleep is an occupation, of which we speak too seldom; this hour is for what helps.</p>
    <ol><li>How do you ask?</li><li>What then?</li></ol></article>
    <section id="comments" class="comments"><h2>2 thoughts on “Sleep”</h2><p>Will there be a transcript?</p></section>
    </main>
    <aside class="sidebar"><h2>Recent posts</h2><ul><li>What is hope?</li></ul></aside></body></html>"""
    found = read_announcement(page.encode())
    assert found.title == "Sleep"
    assert "1. How do you ask?" in found.text
    assert not [word for word in ("cookies", "hope", "Home") if word in found.text]


def test_markdown_with_what_a_blog_keeps_before_it() -> None:
    found = read_announcement(b'---\ntitle: "Sleep"\ndate: 2027-01-02\n---\n## Questions\n\n1. Why?\n2. How?\n', "a.md")
    assert found.text.split() == ["Sleep", "Posted", "on", "2027-01-02", "Questions", "1.", "Why?", "2.", "How?"]


def test_an_email() -> None:
    found = read_announcement(b"From: a@example.org\nSubject: Re: Our chat\nDate: Sun, 3 Jan 2027\n\nHello\n1. Why?\n")
    assert (found.title, found.text) == ("Our chat", "Hello\n1. Why?\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "“Why” – a café’s question, naïve and long enough to be recognised.\n" * 5
    assert read_announcement(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no text in it"),
        (b" \n\t ", "no text in it"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word document"),
        (b"{\\rtf1 Hello", r"\.rtf"),
        (b"\r\n%PDF-1.7 ...", "This is a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "a picture"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a picture"),
        (b"II*\x00\x08\x00\x00\x00", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\x00\x01\x02\x03", "not a text"),
        (b"PK\x03\x04broken", "damaged"),
        (word(paragraph("x"))[:-200], "damaged"),
        (word(paragraph("x") + "</w:p>"), "damaged"),
        (word(), "no text in it"),
        (b"x" * (MAX_BYTES + 1), "more than 20 MB"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_other_files_are_refused_with_what_to_send(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableAnnouncementError, match=why):
        read_announcement(data)


def test_a_document_that_would_fill_the_memory_is_not_unpacked() -> None:
    with pytest.raises(UnreadableAnnouncementError, match="far too large"):
        read_announcement(word(paragraph("x"), more={"word/media/a.bin": "0" * 61_000_000}))


def test_a_document_that_lies_about_its_size_is_not_unpacked() -> None:
    made = word(paragraph("x" * 10_000_000))
    lying = made.replace((10_000_000 + size_of_the_rest()).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lying != made
    with pytest.raises(UnreadableAnnouncementError, match="damaged"):
        read_announcement(lying)


def size_of_the_rest() -> int:
    """The bytes of the document's main part beside the letters of its paragraph."""
    with zipfile.ZipFile(io.BytesIO(word(paragraph("")))) as package:
        return package.getinfo("word/document.xml").file_size


def test_a_document_that_defines_words_is_refused_before_they_are_put_in() -> None:
    made = "".join(f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in pairwise("abcdefgh"))
    body = f"<w:document {_W}><w:body>{paragraph('&h;')}</w:body></w:document>"
    laughs = word(more={"word/document.xml": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">{made}]>{body}'})
    with pytest.raises(UnreadableAnnouncementError, match="defines words"):
        read_announcement(laughs)


def test_quotes_of_old_macs_are_quotes() -> None:
    written = "It’s “rest” that helps, isn’t it?"
    assert read_announcement(written.encode("mac_roman")).text.strip() == written
    assert "João" in read_announcement("Hosted by João".encode("cp1252")).text


def test_a_document_with_a_password() -> None:
    made = bytearray(word(paragraph("x")))
    entry = made.index(b"PK\x01\x02")
    made[entry + 8] |= 1  # the flag of an encrypted part (APPNOTE.TXT 4.4.4)
    with pytest.raises(UnreadableAnnouncementError, match="has a password"):
        read_announcement(bytes(made))


def test_footnotes_are_no_part_of_the_announcement() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = (
        f'{_HEAD}<w:footnotes {_W}><w:footnote w:id="2">{paragraph("Pretend (2019) Is sleep work?")}</w:footnote>'
        "</w:footnotes>"
    )
    relations = (
        f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/numbering" '
        f'Target="numbering.xml"/><Relationship Id="r2" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>'
        "</Relationships>"
    )
    items = (paragraph("Why?", mark, item=True), paragraph("How?", item=True))
    more = {"word/footnotes.xml": notes, "word/_rels/document.xml.rels": relations}
    found = read_announcement(word(paragraph("Sleep"), *items, more=more))
    assert "Is sleep work?" in found.text
    assert draft(found, SeriesFile(), NOW).questions == ("Why?", "How?")


def test_text_from_right_to_left() -> None:
    text = (
        "\u202b\u05e9\u05d9\u05e0\u05d4 \u05d8\u05d5\u05d1\u05d4\u202c\n\n#PretendSleep 12 January 2027, 20:00 GMT\n\n"
        "\u200f1. \u05dc\u05de\u05d4?\n\u200f2. \u05d0\u05d9\u05da?\n\u200f3. \u0645\u062a\u0649\u061f\n"
    )
    found = draft(read_announcement(text.encode()), SeriesFile(), NOW)
    assert found.title == "\u05e9\u05d9\u05e0\u05d4 \u05d8\u05d5\u05d1\u05d4"
    assert found.questions == ("\u05dc\u05de\u05d4?", "\u05d0\u05d9\u05da?", "\u0645\u062a\u0649\u061f")


def test_a_mail_whose_plain_part_only_says_to_read_the_other() -> None:
    def mail(plain: str) -> str:
        more = "<p>Rest is treatment, and so is sleep.</p><p>1. Why rest?</p><p>2. How long?</p>"
        html = f"<p>Sleep at work</p><p>We meet on 12 January 2027, at 8pm GMT.</p>{more}"
        made = EmailMessage()
        made["Subject"] = "Our chat"
        made.set_content(plain)
        made.add_alternative(html, subtype="html")
        return read_announcement(made.as_bytes(), "a.eml").text

    assert "Needs an" not in mail("Needs an HTML reader.")
    assert "2. How long?" in mail("Needs an HTML reader.")
    plain = "Sleep at work, on 12 January 2027\n1. Why rest?\n"
    assert mail(plain).strip() == plain.strip()


def test_a_page_that_was_saved_as_one_file() -> None:
    page = (
        b"From: <Saved by Blink>\nSubject: Sleep\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\nContent-Type: text/html\n'
        b"Content-Transfer-Encoding: quoted-printable\n\n<html><head><title>Sleep</title></head><body><h1>Sleep</h1>"
        b'<p class=3D"a">We meet on 12 Janu=\nary 2027.</p></body></html>\n--b--\n'
    )
    found = read_announcement(page, "sleep.mhtml")
    assert (found.title, "We meet on 12 January 2027." in found.text) == ("Sleep", True)


def test_neither_word_nor_open_document() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(UnreadableAnnouncementError, match="neither a Word nor"):
        read_announcement(made.getvalue())


@pytest.mark.parametrize("unit", ["1. ", "@a and ", "**a ", "• a\n", "<ul><li>a", "<div>a"])
def test_half_a_million_characters_of_one_kind_do_not_take_long(unit: str) -> None:
    began = process_time()
    found = read_announcement((unit * (500_000 // len(unit))).encode(), "a.html" if unit.startswith("<") else "a.txt")
    draft(found, SeriesFile(), NOW)
    assert process_time() - began < 20, "seconds of the processor; one or two are usual"
