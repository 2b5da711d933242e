"""Discord's markup as plain words: ids as names, dates in the chat's zone, marks of style taken off.

As in Discord's own reference of message formatting. A mark that Discord would not read as one stays as it was typed,
and so does an asterisk inside a word, for `3*4 and 5*6` would read as another sum.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.local_dates import spoken_date
from bot.messages.keyed_ids import KEYED_ID
from bot.readable.names import NOBODY, Directory
from bot.translation import _, pending

_TOKEN = re.compile(
    r"<(?:(?P<account>@!?)(?P<id>\d{1,25}|" + KEYED_ID + r")|(?P<role>@&)\d{1,25}|(?P<channel>\#)\d{1,25}"
    r"|a?:(?P<emoji>\w{2,32}):\d{1,25}|t:(?P<unix>-?\d{1,13})(?::[tTdDfFsSR])?"
    r"|/(?P<command>[\w\- ]{1,100}):\d{1,25}|id:(?P<page>customize|browse|guide)"
    r"|(?P<url>https?://[^\s<>]+))>"
)
_WHOLE = re.compile(
    r"```(?:[A-Za-z0-9_+.-]*\n)?(?P<block>.+?)```|(?P<ticks>`{1,2})(?P<code>[^`\n]+)(?P=ticks)"
    rf"|{_TOKEN.pattern}|(?P<link>https?://[^\s<>\x00|)]+)|\\(?P<sign>[^\w\s]|_)",
    re.DOTALL,
)
"""What is taken as a whole: no mark of style begins or ends in it."""

_KEPT = "\x00"
_BLOCK = re.compile(r"^>>> ?(.*)", re.DOTALL | re.MULTILINE)
_QUOTE = re.compile(r"^(?:> .*\n?|>\n)+", re.MULTILINE)
_HEADING = re.compile(r"^(?:#{1,3}|-#) +(?=\S)", re.MULTILINE)
_BULLET = re.compile(r"^( *)[-*] +(?=\S)", re.MULTILINE)
_MASKED = re.compile(rf"\[([^\[\]\n]{{1,500}})\]\((<?{_KEPT}>?)(?: \"[^\"\n]*\")?\)")
_MARKS = (
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), pending(r"[spoiler: \1]")),
    (re.compile(r"~~(.+?)~~", re.DOTALL), pending(r"[crossed out: \1]")),
    (re.compile(r"\*\*\*(?=\S)([^*]+)\*\*\*"), r"\1"),
    (re.compile(r"\*\*(?=\S)((?:[^*]|\*(?!\*))+)\*\*(?!\*)"), r"\1"),
    (re.compile(r"(?<!\w)__(?=\S)((?:[^_]|_(?!_))+)__(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]*[^\s_]|[^\s_])_(?!\w)"), r"\1"),
)
_LINE_MARKS = ("#", "-", ">")


def plain(text: str, names: Mapping[str, str], directory: Directory, zone: str) -> str:
    """The text in plain words. Costs next to nothing for a text without markup."""
    text = text.replace(_KEPT, "\ufffd")
    if not _may_have_marks(text):
        return text
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(_whole(found, names, directory, zone))
        return _KEPT

    words = _WHOLE.sub(keep, text)
    words = _without_style(words)
    pieces = iter(kept)
    return re.sub(_KEPT, lambda _found: next(pieces), words)


def mentioned(text: str, names: Mapping[str, str], directory: Directory) -> tuple[str, ...]:
    """The names of the accounts that are mentioned by id, as far as they are known."""
    accounts = (found for found in _TOKEN.finditer(text) if found["account"])
    return tuple(name for found in accounts if (name := _account(found, names, directory)))


def unnamed(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of mentioned accounts without a name in `names`."""
    accounts = (found for found in _TOKEN.finditer(text) if found["account"])
    return tuple(found["id"] for found in accounts if not _account(found, names, NOBODY))


def without_ids(text: str) -> str:
    """The text without anything that stands in it by its id."""
    return _TOKEN.sub(" ", text)


def _may_have_marks(text: str) -> bool:
    # chained: a loop or a regular expression takes three times as long, and most messages have none
    if "<" in text or "*" in text or "_" in text or "`" in text or "|" in text or "~" in text or "\\" in text:
        return True
    return (
        text.startswith(_LINE_MARKS)
        or "](" in text
        or ("\n" in text and ("\n-" in text or "\n#" in text or "\n>" in text))
    )


def _whole(found: re.Match[str], names: Mapping[str, str], directory: Directory, zone: str) -> str:
    """The words for one whole piece."""
    match found.lastgroup:
        case "id":
            return _account(found, names, directory) or "@someone"
        case "role" | "channel" as kind:
            return names.get(found[0]) or ("@role" if kind == "role" else "#channel")
        case "unix":
            return _date(int(found["unix"]), zone) or found[0]
        case "emoji":
            return f":{found['emoji']}:"
        case "command":
            return f"/{found['command']}"
        case kind:
            return found[kind or 0].strip("\n")


def _account(found: re.Match[str], names: Mapping[str, str], directory: Directory) -> str | None:
    id = found["id"]
    return names.get(found[0]) or names.get(f"<@{id}>") or directory.account(id)


def _date(unix: int, zone: str) -> str:
    """`13 October 2023, 21:00`; empty for a date beyond the calendar."""
    try:
        at = datetime.fromtimestamp(unix, UTC).astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{spoken_date(at, 'year')}, {clock_time(at)}"


def _without_style(words: str) -> str:
    """The text without marks of style. Quotations get quotation marks, and lists bullets."""
    words = _BLOCK.sub(lambda found: _quotation(found[1]), words)
    words = _QUOTE.sub(_quoted_lines, words)
    words = _BULLET.sub("\\1\u2022 ", _HEADING.sub("", words))
    words = _MASKED.sub(r"\1 (\2)", words)
    for mark, plainly in _MARKS:
        words = mark.sub(_(plainly), words)
    return words


def _quoted_lines(found: re.Match[str]) -> str:
    lines = [line[2:] for line in found[0].splitlines()]
    return _quotation("\n".join(lines)) + ("\n" if found[0].endswith("\n") else "")


def _quotation(quoted: str) -> str:
    words = quoted.strip()
    return f"\u201c{words}\u201d" if words else ""
