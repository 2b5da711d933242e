"""What a person probably meant where a text is not TOML: a place, plain words, and the text without that statement.

The guesses are for people who write in Word and by hand: quotes left out or curly, dates in their own order, a key
given twice. Nothing is corrected silently.
"""

from __future__ import annotations

import re

from bot.messages import Value
from bot.toml.positions import statement

LONGEST = 40
"""Characters of a person's text that are repeated to them."""

_WHERE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)
_STATEMENT = re.compile(r"""(?P<indent>\s*)(?P<key>[\w.-]+|"[^"]*")(?P<is>\s*=\s*)(?P<value>\S.*?)\s*$""")
_OPEN = {"string": re.compile(r"\"{3}|'{3}"), "array": re.compile(r"\["), "table": re.compile(r"[{\[]")}

_QUOTE = 'text, durations and names stand in straight quotes, as in "10m"'
_GUESSES = (
    (
        re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]"),
        'it has curly quotes; use straight ones, as in "text"',
    ),
    (re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"), "write a date and time that exist like 2020-10-13T20:00:00"),
    (re.compile(r"\d{1,2}:\d\d"), "write a time with seconds, like 20:00:00"),
    (re.compile(r"(?i:true|yes|on|false|no|off)$"), "write true or false"),
    (
        re.compile(r"'.*'.*'$|\".*\".*\"$"),
        "a quote inside it ends it too early; put text with quotes between three: '''text'''",
    ),
    (re.compile(r"\".*\\"), "a backslash means something special between \"; use ' instead"),
    (re.compile(r"[\"'][^\"']*$"), "its closing quote is missing; a text of several lines stands between three quotes"),
    (re.compile(r"[\[{]"), "its closing bracket is missing, or a comma is missing or too many in it"),
)


class SyntaxHint(Value, frozen=True, kw_only=True):
    """A statement that is not TOML. `rest` is the text without it, None where there is no telling where it ends."""

    line: int
    column: int
    message: str
    key: str = ""
    rest: str | None = None


def slip(error: Exception, text: str) -> SyntaxHint:
    """What `tomllib` stumbled over in this text."""
    if isinstance(error, RecursionError):
        return SyntaxHint(line=1, column=1, message="this is nested far too deeply.")
    found = _WHERE.match(str(error))
    if not found:
        return _number(text)
    if found["line"] is None:
        return _endless(found["what"], text)
    return _stumbled(found["what"], text, int(found["line"]), int(found["column"]))


def _stumbled(what: str, text: str, line: int, column: int) -> SyntaxHint:
    lines = text.split("\n")
    if line > len(lines):
        return _endless(what, text)
    wrong = lines[line - 1]
    said = _STATEMENT.match(wrong)
    if "overwrite" in what or "twice" in what:
        return _twice(text, lines, line)
    if "haracter '\\x" in what or (control := _control(wrong)):
        at = control.start() + 1 if (control := _control(wrong)) else column
        message = "there is an invisible control character here; delete it and write it again."
    elif said:
        at = said.start("value") + 1
        message = f"{said['key']!r} is {_short(said['value'])}; {_guess(said['value'])}."
    else:
        at = len(wrong) - len(wrong.lstrip()) + 1
        message = 'this line is not understood; write it like key = "value", or begin it with # if it is a note.'
    rest = "\n".join((*lines[: line - 1], "", *lines[line:]))
    key = said["key"].split(".")[-1].strip('"') if said else ""
    return SyntaxHint(line=line, column=at, message=message, key=key, rest=rest)


def _twice(text: str, lines: list[str], line: int) -> SyntaxHint:
    """A key or table that was there before. Its first value stays."""
    begins = statement(text, line)
    first, column = begins or (line, len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1)
    what = lines[first - 1].strip().split("=")[0].strip() if begins else lines[line - 1].strip()
    rest = "\n".join((*lines[: first - 1], *[""] * (line - first + 1), *lines[line:])) if begins else None
    return SyntaxHint(line=first, column=column, message=f"{_short(what)} is there a second time; keep one.", rest=rest)


def _endless(what: str, text: str) -> SyntaxHint:
    """Something that was opened and never closed."""
    kind = next((kind for kind in _OPEN if kind in what), "string")
    opened = [found.start() for found in _OPEN[kind].finditer(text)]
    at = opened[-1] if opened else 0
    return SyntaxHint(
        line=text.count("\n", 0, at) + 1,
        column=at - (text.rfind("\n", 0, at) + 1) + 1,
        message="what begins here is never closed; put the closing quotes or bracket after it.",
    )


def _number(text: str) -> SyntaxHint:
    """A number so long that Python refuses to read it. It comes without a position."""
    found = re.search(r"\d{4000,}", text.replace("_", ""))
    line = text.replace("_", "").count("\n", 0, found.start()) + 1 if found else 1
    return SyntaxHint(line=line, column=1, message="this number is far too long.")


def _control(line: str) -> re.Match[str] | None:
    return re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)


def _guess(value: str) -> str:
    return next((guess for pattern, guess in _GUESSES if pattern.match(value) or pattern.fullmatch(value)), _QUOTE)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
