"""Reads e-mails: the subject, who wrote it and when; and, of one that was only passed on, the message in it."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

import msgspec

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.encodings import decoded
from bot.authoring.announcement.pages import plain_text

_REPLIED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr|sv|antw)\s*:)+", re.IGNORECASE)
_FORWARDED = re.compile(
    r"(?im)^[ \t>]*(?:-+[ \t]*(?:(?:forwarded|original)[ \t]+message"
    r"|(?:weitergeleitete|urspr\u00fcngliche)[ \t]+nachricht)[ \t]*-+"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:)[ \t]*$"
)
_HEADER = re.compile(
    r"(?i)^[ \t>*]*(from|to|cc|date|sent|subject|reply-to|von|an|kopie|datum|gesendet|betreff|antwort an):[ *]*(.*)$"
)
_GERMAN = {"von": "from", "datum": "date", "gesendet": "sent", "betreff": "subject"}
_COPIED = re.compile(r"(?i)\A\s*(?=von:.*\n(?:.*\n){0,4}betreff:)")
"""The headers of a German e-mail, copied with its text; English ones are those of an e-mail as saved."""

_FEW = 400
"""Characters before a message that was passed on, up to which they only pass it on."""


_STUB = 4
"""How many times longer the HTML part is than a plain part that is none of the announcement."""


def read_mail(data: bytes) -> AnnouncementText:
    """The text of an e-mail as saved or copied, with its headers."""
    message = message_from_bytes(data, policy=policy.default)
    try:
        body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    except MessageError:
        body = None
    if body is None:
        return AnnouncementText(text=decoded(data))
    try:
        content = str(body.get_content())
    except (LookupError, ValueError):
        payload = body.get_payload(decode=True)
        content = decoded(payload) if isinstance(payload, bytes) else ""
    raw = body.get_payload(decode=True)
    if "\ufffd" in content and isinstance(raw, bytes):  # no charset, or a wrong one
        content = decoded(raw)
    text = plain_text(content) if body.get_content_type() == "text/html" else _not_the_stub(content, message)
    found = AnnouncementText(
        text=text,
        title=_REPLIED.sub("", str(message["subject"] or "")).strip(),
        author=parseaddr(str(message["from"] or ""))[0],
        posted=_day(str(message["date"] or "")),
    )
    return passed_on(found)


def _not_the_stub(plain: str, message: EmailMessage) -> str:
    """The plain text; or that of the HTML part, where the plain one only says to read that."""
    try:
        body = message.get_body(("html",))
        text = plain_text(str(body.get_content())) if body else ""
    except (MessageError, LookupError, ValueError):
        return plain
    return text if len(plain.strip()) * _STUB < len(text.strip()) else plain


def saved_page(data: bytes) -> str:
    """The HTML of a page that a browser saved as one file (.mht), which is made like an e-mail."""
    message = message_from_bytes(data, policy=policy.default)
    try:
        body = message.get_body(("html",)) if isinstance(message, EmailMessage) else None
        return str(body.get_content()) if body else decoded(data)
    except (MessageError, LookupError, ValueError):
        return decoded(data)


def passed_on(mail: AnnouncementText) -> AnnouncementText:
    """The message that a few words pass on, at the lines where it stood; or the text as it is."""
    text = mail.text.replace("\r\n", "\n")
    found = _COPIED.match(text) or _FORWARDED.search(text)
    if not found or found.start() > _FEW or re.search(r"(?m)^\s*(?:\d+[.)]|[*\u2022-]\s|Q\d)", text[: found.start()]):
        return mail
    lines = text[found.end() :].split("\n")
    headers: dict[str, str] = {}
    at = 0
    while at < len(lines) and (not lines[at].strip() or _HEADER.match(lines[at])):
        if header := _HEADER.match(lines[at]):
            name = header[1].casefold()
            headers.setdefault(_GERMAN.get(name, name), header[2].strip())
        at += 1
    above = "\n" * (text[: found.end()].count("\n") + at)
    return msgspec.structs.replace(
        mail,
        text=above + "\n".join(lines[at:]),
        title=_REPLIED.sub("", headers.get("subject", mail.title)).strip(),
        author=parseaddr(headers["from"])[0] if "from" in headers else mail.author,
        posted=_day(headers.get("date") or headers.get("sent") or "") or mail.posted,
    )


def _day(said: str) -> date | None:
    try:
        return parsedate_to_datetime(said).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
