"""Reads an announcement's text: Word, OpenDocument, a saved web page, Markdown, a pasted e-mail or plain text.

Libraries read the formats: mammoth and odfdo the documents, resiliparse the pages, of which it keeps the article and
leaves menus, comments and notices out. All end as lines of plain text, in which list items begin with a number or "•".
"""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import PurePath

from charset_normalizer import from_bytes

from bot.errors import ConvenorError
from bot.messages import Value

MAX_BYTES = 20_000_000
"""The largest file that is read."""

_MAX_UNPACKED = 60_000_000
"""The most bytes that the parts of a document may have when unpacked, so that none of them fills the memory."""

_MAX_PARTS = 5_000
"""The most parts in a document."""

MAX_LETTERS = 500_000
"""The most characters of text that are looked at: about 80,000 words."""

_WESTERN, _ASCII = "cp1252", 127

_SEND = "Save it as .docx, or copy its text and paste that."

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "This is a PDF, which loses the order of its lines. Send the document it was made from, or paste its text.",
    ),
    (b"\xd0\xcf\x11\xe0", f"This is an old Word document (.doc), or one with a password. {_SEND}"),
    (b"{\\rtf", f"This is a .rtf file. {_SEND}"),
    (b"\x89PNG", "This is a picture. Send the text, not a photograph of it."),
    (b"\xff\xd8\xff", "This is a picture. Send the text, not a photograph of it."),
    (b"GIF8", "This is a picture. Send the text, not a photograph of it."),
)
"""What files of other kinds begin with, and what to send instead."""

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p|h[1-6]|meta)\b", re.IGNORECASE | re.DOTALL
)
_MAIL = re.compile(rb"\A(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_MAIL_KEYS = (b"subject:", b"from:")


class UnreadableAnnouncementError(ConvenorError):
    """A file that no announcement can be read from; its message says what to send instead."""


class AnnouncementText(Value, frozen=True, kw_only=True):
    """The text of an announcement. `title` is the one that the file itself names, as a page's or an e-mail's."""

    text: str
    title: str = ""


def read_announcement(data: bytes, name: str = "") -> AnnouncementText:
    """The text of a file; `name` only tells Markdown from plain text.

    Raises UnreadableAnnouncementError for another kind of file, a broken or too large one, or one without any text.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableAnnouncementError(
            f"The file has {len(data) // 1_000_000} MB, and an announcement has at most {MAX_BYTES // 1_000_000}. "
            "Take the pictures out, or paste the text."
        )
    for begin, why in _OTHERS:
        if data.startswith(begin):
            raise UnreadableAnnouncementError(why)
    found = _read(data, PurePath(name).suffix.casefold())
    text = found.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:MAX_LETTERS]
    if not text.strip():
        raise UnreadableAnnouncementError("There is no text in it. Is it the right file?")
    return AnnouncementText(text=text, title=found.title.strip())


def _read(data: bytes, ending: str) -> AnnouncementText:
    if data.startswith(b"PK"):
        return AnnouncementText(text=_document(data))
    if ending in {".htm", ".html", ".xhtml", ".mht", ".mhtml"} or _HTML.match(data[:5000]):
        return _page(_decoded(data))
    if ending in {".md", ".markdown"}:
        return AnnouncementText(text=_markdown(_decoded(data)))
    if ending == ".eml" or (_MAIL.match(data[:5000]) and all(key in data[:5000].lower() for key in _MAIL_KEYS)):
        return _mail(data)
    if b"\x00" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableAnnouncementError(f"This is not a text. {_SEND}")
    return AnnouncementText(text=_decoded(data))


def _decoded(data: bytes) -> str:
    """The text in whatever encoding it was saved. UTF-8 is tried first: a guess could only be worse."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        encoding = best.encoding if best else _WESTERN
        if not encoding.startswith("utf") and sum(one > _ASCII for one in data) * 10 < len(data):
            encoding = _WESTERN  # a few accents and quotes are too little for a guess
        return data.decode(encoding, errors="replace").lstrip("\ufeff")


def _document(data: bytes) -> str:
    """The text of a .docx or .odt."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {one.filename for one in parts}
            unpacked = sum(one.file_size for one in parts)
            locked = any(one.flag_bits & 1 for one in parts)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableAnnouncementError(
            f"The document is damaged, perhaps only half of it arrived. {_SEND}"
        ) from error
    if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
        raise UnreadableAnnouncementError(
            "Unpacked, the document is far too large for an announcement. Paste its text instead."
        )
    if locked or "EncryptedPackage" in names:
        raise UnreadableAnnouncementError("The document has a password. Save it without one, or paste its text.")
    if "word/document.xml" in names:
        read = _word
    elif "content.xml" in names:
        read = _open_document
    else:
        raise UnreadableAnnouncementError(f"This is neither a Word nor an OpenDocument text. {_SEND}")
    try:
        return read(data)
    except Exception as error:  # the libraries raise whatever a damaged document makes them
        raise UnreadableAnnouncementError(f"The document is damaged. {_SEND}") from error


def _word(data: bytes) -> str:
    import mammoth  # noqa: PLC0415 -- only for documents

    return _plain(mammoth.convert_to_html(io.BytesIO(data)).value)


def _open_document(data: bytes) -> str:
    from odfdo import Document  # noqa: PLC0415 -- only for documents

    return _markdown(str(Document(io.BytesIO(data)).to_markdown()))


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- only for Markdown

    matter, text = _front_matter(text)
    return f"{matter}\n\n{_plain(MarkdownIt('commonmark').enable('table').render(text))}".strip("\n")


def _front_matter(text: str) -> tuple[str, str]:
    """The lines that Jekyll and the like keep before a post, without quotes, and the rest."""
    found = re.match(r"\A---\n(.*?)\n---\n", text, re.DOTALL)
    if not found:
        return "", text
    lines = re.findall(r"^(\w+):[ \t]*[\"']?(.+?)[\"']?[ \t]*$", found[1], re.MULTILINE)
    named = {key.casefold(): value for key, value in lines}
    kept = [named[key] for key in ("title",) if key in named]
    return "\n\n".join([*kept, *(f"Posted on {named['date']}" for _ in range("date" in named))]), text[found.end() :]


def _mail(data: bytes) -> AnnouncementText:
    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None:
        return AnnouncementText(text=_decoded(data))
    try:
        content = str(body.get_content())
    except (LookupError, ValueError):
        payload = body.get_payload(decode=True)
        content = _decoded(payload) if isinstance(payload, bytes) else ""
    text = _plain(content) if body.get_content_type() == "text/html" else content
    return AnnouncementText(
        text=text, title=re.sub(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+", "", message["subject"] or "", flags=re.IGNORECASE)
    )


def _page(html: str) -> AnnouncementText:
    """The article of a page; all of the page if nearly nothing was taken for its article."""
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415 -- only for pages

    tree = HTMLTree.parse(html)
    whole, article = _plain(html), _plain(html, article=True)
    return AnnouncementText(
        text=article if len(article) > min(400, len(whole) // 10) else whole, title=tree.title or ""
    )


def _plain(html: str, *, article: bool = False) -> str:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 -- only where there is HTML

    return extract_plain_text(html, main_content=article, list_bullets=True, alt_texts=False)
