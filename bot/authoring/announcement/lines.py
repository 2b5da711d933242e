"""The lines of an announcement, numbered as in the text: marks apart from words, and what follows the post apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
import regex

from bot.authoring.announcement.date_names import MONTH_NAMES
from bot.authoring.announcement.rows import BETWEEN_PARTS, parts_of, pieces_of, rows_as_lines
from bot.messages import Value

Style = Literal["Q", "T", "1", "a", "i", "•", ""]
"""The kind of a mark before a line: a question's, a topic's, a number, a letter, a Roman number, a bullet, or none."""

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS_DE = ("erste", "zweite", "dritte", "vierte", "f\u00fcnfte", "sechste", "siebte", "achte", "neunte", "zehnte")
_ORDINAL = "|".join((*_ORDINALS, *_ORDINALS_DE))

_BULLETS = (
    r"\u2022\u00b7\u25aa\u25ab\u25cf\u25e6\u25cb\u25a0\u2023\u2043\u2713\u2714\u27a2\u27a4\u2192\uf0b7"
    r"\u2012\u2013\u2014\-\u25b6\u2753\u2754"
)
_MARK = regex.compile(
    rf"""(?V1)^ (?P<indent>[\s>*_]*)
    (?:
        (?P<q>(?i:qu?(?:uestions?|ues|n|est)?|frage|discussion\s+question)) [\s.\-\#:]{{0,2}}
            (?:(?P<qn>\d{{1,2}})|(?P<qw>(?i:{"|".join(_SPELLED)}))\b) (?:\s*(?i:of|/)\s*\d{{1,2}})?
            (?P<qs>\s?\(?[a-h](?:\)|(?=[\s.:])))? [*_]*
            (?:\s*[.:)\]\u2013\u2014\-|\uff1a]+ [*_\s]* | (?=\s)\s* | (?=\p{{Lu}}\p{{Ll}}) | $)
      | (?P<o>(?i:{_ORDINAL}))\s+(?i:question|frage)\s*[.:)\u2013\u2014-]\s*
      | (?P<on>\d{{1,2}})(?:st|nd|rd|th)\s+(?i:question)\s*[.:)\u2013\u2014-]\s*
      | (?P<w>(?i:{"|".join(_SPELLED)}))\s?[.:)]\s+
      | (?P<t>(?i:t(?:opic)?)) \s? (?P<tn>\d{{1,2}}) [*_]* \s*[.:)\u2013\u2014\-|\uff1a]+ [*_\s]*
      | (?!\d{{1,2}}\.\s*(?i:{MONTH_NAMES})\b\.?(?:\s+20\d\d|\s*[,\u2013-]|\s+(?:um|ab|von)\b|\s*$))
        (?!\d{{1,2}}\.?\s*(?:[\-\u2013\u2014/&+]|und|and|oder|or|bis)\s*(?:\w+[,.]?\s+)?\d{{1,2}}(?:\.\d|/\d|\D{{0,6}}\b(?i:{MONTH_NAMES})\b))
        [(\[]? (?P<n>\d{{1,2}}) (?P<ns>[a-h](?!\w))? [*_]*
            (?: [.\uff0e]?[)\]\uff09] | \s[.)](?=\s?\p{{L}}) | [.:\uff0e\u3001](?!\d) | \s[\u2013\u2014\-](?=\s)
              | [ ]{{3,}}(?=\p{{Lu}}) ) [*_\s]*
      | (?P<round>[\u2460-\u2473]|\d\ufe0f?\u20e3) \s*
      | [(\[]? (?P<i>(?i:viii|vii|vi|iv|ix|iii|ii|i|v|x)) [.)\]] [*_]* \s+
      | [(\[]? (?P<a>[A-La-l]) [.)\]] [*_]* \s+
      | (?P<b>[{_BULLETS}] | [*+](?=\s) | \p{{So}}\ufe0f?(?=\s)) \s*
    )""",
    regex.VERBOSE,
)

_ITS_NAME = regex.compile(
    r"(?i)^(?:(?:[*_]*(?:frage|question)[*_]*\s*(?::|\s[\u2013\u2014-](?=\s))[*_]*|(?:\p{So}|[\u2753\u2754])(?=\s))\s*)+(?=\S)"
)
"""Behind a mark and before a question: a sign, or that it is one, as in "1. Frage: "."""

_COUNTS = regex.compile(r"[(\[]?\d{1,2}[.)\]]\s")
"""A number behind a bullet."""

_AFTERWARDS = regex.compile(
    r"""(?i)^\W*(?:
        (?:comments?|responses?|attendees|replies)\s*\(\d+\) | discussion\s+about\s+this\s+(?:post|chat).*
        | similar\s+events.* | (?:other|more)\s+(?:news|events|posts)(?:\s+from.*)? | more\s+from\s.* | notice\s*board
        | (?:you\s+)?(?:might|may)\s+also\s+like.* | about\s+the\s+(?:author|host)s? | blog\s+archive
        | frequently\s+asked\s+questions | faqs? | subscribe.*
        | leave\s+a\s+(?:reply|comment) | post\s+a\s+comment | share\s+this.* | like\s+this | related(?:\s+posts?)?
        | advertisements? | (?:\d+|one|two)\s+(?:thoughts?|responses?|repl(?:y|ies)|comments?)(?:\s+(?:on|to)\b.*)?
        | comments?(?:\s+are\s+closed)? | post\s+navigation | recent\s+(?:posts|comments) | (?:previous|next)\s+post.*
        | fill\s+in\s+your\s+details\s+below.* | this\s+site\s+uses\s+akismet.* | unsubscribe.* | --
        | post[\s-]?chat(?:\s+(?:updates?|information))? | (?:online\s+)?transcript(?:\s+(?:and|&)\s+.*)?
        | the\s+numbers | [\u2014_]
        | on\s.{5,90}\swrote\s*: | am\s.{5,90}\sschrieb\b.{0,100}: | -+\s*(?:original|forwarded)\s+message\s*-+
    )\W*$""",
    regex.VERBOSE,
)
"""Lines above what follows a post: a blog's own forms, what was added after the chat, an older e-mail."""

_UNSEEN = regex.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff\u00ad]")
_BLANKS = regex.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")

_STARS = regex.compile(r"(?<!\w)(\*\*|__|\*)(?=\S)(.{1,200}?)(?<=\S)\1(?!\w)")
_HASHES = regex.compile(r"^#{1,6}\s+")

_WROTE = regex.compile(r"(?i)\b(?:wrote|schrieb)\b")
"""Words above an older e-mail; above all else they are those of the one that is passed on."""

_WRAPPED = 55
"""Characters from which a line may have been broken because it was full."""

_LONGEST = 3000
"""Characters of a paragraph to which no further line is joined."""

_HALF_FULL = 30
"""Characters from which a line may have been broken before a word in small letters."""

PARAGRAPH = 120
"""Characters from which a line without a mark is a paragraph of background, and no label or greeting."""

_LABEL_ENDS = 25
"""A colon before this column makes a line a label, as in "When: tonight", which goes on with no other line."""


class Line(Value, frozen=True, kw_only=True):
    """A line: its number from 1, its words without the mark, and the mark. `after`: it follows the post itself.

    `value` is what the mark counts (None without one), `sub` that it counts a part, as "1a"; `indent` is in columns.
    `apart`: an empty line stands above it.
    """

    number: int
    text: str
    style: Style = ""
    value: int | None = None
    sub: bool = False
    indent: int = 0
    after: bool = False
    apart: bool = False


def read_lines(text: str) -> tuple[Line, ...]:
    """The lines that have words. A line that was only wrapped is joined to the one before it."""
    found: list[Line] = []
    blank = after = False
    before = ""
    for number, written in enumerate(_cleaned(text).split("\n"), 1):
        if not written.strip(" >"):
            blank = True
            continue
        after = after or (bool(_AFTERWARDS.match(written)) and (bool(found) or not _WROTE.search(written)))
        for part in (part for piece in pieces_of(written) for part in parts_of(piece)):
            line = _line(part, number, after=after)
            if found and not blank and _continues(found[-1], before, line, part):
                found[-1] = msgspec.structs.replace(found[-1], text=f"{found[-1].text} {line.text}".strip())
            elif line.text or line.style:
                found.append(msgspec.structs.replace(line, apart=blank))
            blank, before = False, part
    return tuple(_with_lone_marks(found))


def _cleaned(text: str) -> str:
    """The text in composed form, with plain blanks and without characters that nobody sees."""
    text = "\n".join(line.expandtabs(4) for line in rows_as_lines(text.replace(BETWEEN_PARTS, " ").split("\n")))
    text = unicodedata.normalize("NFC", text).replace("\u2028", "\n").replace("\x0b", "\n")
    return _BLANKS.sub(" ", _UNSEEN.sub("", text))


def _line(written: str, number: int, *, after: bool) -> Line:
    mark = _MARK.match(written)
    indent = len(written) - len(written.lstrip(" >"))
    if not mark:
        return Line(number=number, text=_plain(written), indent=indent, after=after)
    style, value = _meaning(mark)
    rest = without_its_name(written[mark.end() :]) if style in ("Q", "1", "•") else written[mark.end() :]
    if style == "•" and (inner := _MARK.match(rest)) and (_meaning(inner)[0] in ("Q", "T") or _COUNTS.match(rest)):
        return msgspec.structs.replace(_line(rest, number, after=after), indent=indent)
    return Line(
        number=number,
        text=_plain(rest),
        style=style,
        value=value,
        sub=bool(mark["qs"] or mark["ns"]),
        indent=indent,
        after=after,
    )


def without_its_name(text: str) -> str:
    """A question without "Question: " or a sign before it."""
    return _ITS_NAME.sub("", text)


def _meaning(mark: regex.Match[str]) -> tuple[Style, int | None]:
    """The style of a mark, and the number it stands for."""
    numbers: dict[str, tuple[Style, int | None]] = {
        "qn": ("Q", int(mark["qn"] or 0)),
        "qw": ("Q", _place(_SPELLED, mark["qw"])),
        "o": ("Q", _place((*_ORDINALS, *_ORDINALS_DE), mark["o"]) % len(_ORDINALS) or len(_ORDINALS)),
        "on": ("Q", int(mark["on"] or 0)),
        "w": ("1", _place(_SPELLED, mark["w"])),
        "tn": ("T", int(mark["tn"] or 0)),
        "n": ("1", int(mark["n"] or 0)),
        "round": ("1", int(unicodedata.numeric(mark["round"][0])) if mark["round"] else 0),
        "i": ("i", _place(_ROMAN, mark["i"])),
        "a": ("a", ord((mark["a"] or "a").casefold()) - ord("a") + 1),
    }
    return next((meaning for name, meaning in numbers.items() if mark[name]), ("•", None))


def _place(words: tuple[str, ...], word: str | None) -> int:
    return words.index(word.casefold()) + 1 if word else 0


def _plain(text: str) -> str:
    """The words of a line: without Markdown's stars and hashes, and with single blanks."""
    return " ".join(_HASHES.sub("", _STARS.sub(r"\2", text.strip(" >"))).split())


def _continues(found: Line, before: str, line: Line, written: str) -> bool:
    """Whether a line goes on with the sentence of `found`, whose last line `before` had no room for more."""
    if line.style or line.after != found.after or not 0 < len(found.text) < _LONGEST or ":" in written[:_LABEL_ENDS]:
        return False
    indent = len(before) - len(before.lstrip(" >"))
    if line.indent != indent:
        return bool(found.style) and line.indent > found.indent
    ended = found.text.endswith((".", "?", "!", ":", "”", '"', ")"))
    room = len(before) < _HALF_FULL and not (found.style and line.indent > found.indent)
    asks_on = bool(found.style) and line.text.endswith("?")
    goes_on = line.text[:1].islower() and (asks_on or not room) and not found.text.endswith("?")
    return goes_on or (len(before) >= _WRAPPED and not ended)


def _with_lone_marks(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines; a mark that stood on a line of its own is given to the words below it."""
    lone: Line | None = None
    for line in lines:
        if lone and not line.style:
            yield msgspec.structs.replace(line, style=lone.style, value=lone.value, sub=lone.sub)
        elif line.text:
            yield line
        lone = line if line.style in ("Q", "T", "1") and not line.text else None
