"""Reads an announcement's text: Word, OpenDocument, a saved web page, Markdown, a pasted e-mail or plain text.

Libraries read the formats: mammoth and odfdo the documents, resiliparse the pages, of which it keeps the article and
leaves menus, comments and notices out. All end as lines of plain text, in which list items begin with a number or "•".
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePath

import msgspec

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.encodings import decoded, without_utf16
from bot.authoring.announcement.mails import passed_on, read_mail, saved_page
from bot.authoring.announcement.pages import links_behind, plain_text, read_page
from bot.errors import UnreadableAnnouncementError
from bot.translation import pending

MAX_BYTES = 20_000_000
"""The largest file that is read."""

_MAX_UNPACKED = 60_000_000
"""The most bytes that the parts of a document may have when unpacked, so that none of them fills the memory."""

_HEAD = 100_000
"""Bytes of a document's part in which definitions of entities begin."""

_MAX_PARTS = 5_000
"""The most parts in a document."""

MAX_LETTERS = 120_000
"""The most characters of text that are looked at: about 20,000 words."""

_SEND = pending("Save it as .docx, or copy its text and paste that.")

_PDF = pending(
    "This is a PDF, which loses the order of its lines. Send the document it was made from, or paste its text."
)

_OTHERS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"%PDF", (_PDF,)),
    (b"\xd0\xcf\x11\xe0", (pending("This is an old Word document (.doc), or one with a password."), _SEND)),
    (b"{\\rtf", (pending("This is a .rtf file."), _SEND)),
)
"""What files of other kinds begin with, and what to send instead."""

_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|hev|mif1|msf1|avif)",
    re.DOTALL,
)
"""What pictures begin with: PNG, JPEG, GIF, BMP, TIFF, WebP, and those that phones take (HEIC, AVIF)."""

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p|h[1-6]|meta)\b", re.IGNORECASE | re.DOTALL
)
_NOTE_MARK = re.compile(r'<sup><a href="#(?:foot|end)note-\d+"[^>]*>\[\d+\]</a></sup>')
_NOTES = re.compile(r'<ol>(?=<li id="(?:foot|end)note-\d+">)')
"""The mark of a footnote, and the list of footnotes below the text, which is no part of the announcement."""

_MAIL = re.compile(rb"\A(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_MAIL_KEYS = (b"subject:", b"from:")


def read_announcement(data: bytes, name: str = "") -> AnnouncementText:
    """The text of a file; `name` only tells Markdown from plain text.

    Raises UnreadableAnnouncementError for another kind of file, a broken or too large one, or one without any text.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableAnnouncementError(
            pending("The file has more than 20 MB, too much for an announcement."),
            pending("Take the pictures out, or paste the text."),
        )
    data = without_utf16(data)
    for begin, why in _OTHERS:
        if data[:1000].lstrip().startswith(begin):
            raise UnreadableAnnouncementError(*why)
    if _PICTURE.match(data):
        raise UnreadableAnnouncementError(pending("This is a picture. Send the text, not a photograph of it."))
    found = _read(data, PurePath(name).suffix.casefold())
    text = found.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:MAX_LETTERS]
    if not text.strip():
        raise UnreadableAnnouncementError(pending("There is no text in it. Is it the right file?"))
    return msgspec.structs.replace(found, text=text, title=found.title.strip())


def _read(data: bytes, ending: str) -> AnnouncementText:
    if data.startswith(b"PK"):
        return _document(data)
    if ending in {".mht", ".mhtml"}:
        return read_page(saved_page(data))
    if ending in {".htm", ".html", ".xhtml"} or _HTML.match(data[:5000]):
        return read_page(decoded(data))
    if ending in {".md", ".markdown"}:
        return _markdown(decoded(data))
    if ending == ".eml" or (_MAIL.match(data[:5000]) and all(key in data[:5000].lower() for key in _MAIL_KEYS)):
        return read_mail(data)
    if b"\x00" in data[:1000]:
        raise UnreadableAnnouncementError(pending("This is not a text."), _SEND)
    return passed_on(AnnouncementText(text=decoded(data)))


def _document(data: bytes) -> AnnouncementText:
    """The text of a .docx or .odt."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {one.filename for one in parts}
            unpacked = sum(one.file_size for one in parts)
            locked = any(one.flag_bits & 1 for one in parts)
            small = len(parts) <= _MAX_PARTS and unpacked <= _MAX_UNPACKED and not locked
            defines = small and any(_defines_words(package, one) for one in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableAnnouncementError(
            pending("The document is damaged, perhaps only half of it arrived."), _SEND
        ) from error
    if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
        raise UnreadableAnnouncementError(
            pending("Unpacked, the document is far too large for an announcement. Paste its text instead.")
        )
    if locked or "EncryptedPackage" in names:
        raise UnreadableAnnouncementError(
            pending("The document has a password. Save it without one, or paste its text.")
        )
    if defines:
        raise UnreadableAnnouncementError(
            pending("The document defines words of its own, as no word processor does."), _SEND
        )
    if "word/document.xml" in names:
        read = _word
    elif "content.xml" in names:
        read = _open_document
    else:
        raise UnreadableAnnouncementError(pending("This is neither a Word nor an OpenDocument text."), _SEND)
    try:
        return read(data)
    except Exception as error:  # the libraries raise whatever a damaged document makes them
        raise UnreadableAnnouncementError(pending("The document is damaged."), _SEND) from error


def _defines_words(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part of a document defines entities, which may stand for gigabytes (a "billion laughs")."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with package.open(part) as file:
        return b"<!ENTITY" in file.read(_HEAD).replace(b"\x00", b"")


def _word(data: bytes) -> AnnouncementText:
    import mammoth  # noqa: PLC0415 -- only for documents

    html = mammoth.convert_to_html(io.BytesIO(data)).value
    return _of_html(_NOTES.sub("<p>--</p><ol>", _NOTE_MARK.sub("", html), count=1))


def _open_document(data: bytes) -> AnnouncementText:
    from odfdo import Document  # noqa: PLC0415 -- only for documents

    return _markdown(str(Document(io.BytesIO(data)).to_markdown()))


def _markdown(text: str) -> AnnouncementText:
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- only for Markdown

    matter, text = _front_matter(text[: 2 * MAX_LETTERS])
    found = _of_html(MarkdownIt("commonmark", {"breaks": True}).enable("table").render(text))
    return msgspec.structs.replace(found, text=f"{matter}\n\n{found.text}".strip("\n"))


def _of_html(html: str) -> AnnouncementText:
    text = plain_text(html)
    return AnnouncementText(text=text, links=links_behind(html, text))


def _front_matter(text: str) -> tuple[str, str]:
    """The lines that Jekyll and the like keep before a post, without quotes, and the rest."""
    found = re.match(r"\A---\n(.*?)\n---\n", text, re.DOTALL)
    if not found:
        return "", text
    lines = re.findall(r"^(\w+):[ \t]*[\"']?(.+?)[\"']?[ \t]*$", found[1], re.MULTILINE)
    named = {key.casefold(): value for key, value in lines}
    kept = [named[key] for key in ("title",) if key in named]
    return "\n\n".join([*kept, *(f"Posted on {named['date']}" for _ in range("date" in named))]), text[found.end() :]
