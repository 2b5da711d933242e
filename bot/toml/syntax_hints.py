"""Hints for statements that are not TOML: position, a message in plain words, and the text without the statement.

The hints are for people who write by hand or in a word processor: missing or curly quotes, dates in another order, a
key given twice. Nothing is corrected silently.
"""

from __future__ import annotations

import re

from bot.messages import Value
from bot.toml.positions import statement_start
from bot.translation import LazyText, lazy

MAX_SHOWN = 40
"""Characters of the text that a message repeats."""

_ERROR_POSITION = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL
)
_STATEMENT = re.compile(r"""(?P<indent>\s*)(?P<key>[\w.-]+|"[^"]*")(?P<is>\s*=\s*)(?P<value>\S.*?)\s*$""")
_WITHOUT_SECONDS = re.compile(
    r"(?<![\w.:+-])(?:\d{4}-\d\d-\d\d[Tt ])?\d\d:\d\d(?=(?:[Zz]|[+-]\d\d:\d\d)?(?:[\s,\]}#]|$))"
)
"""A time of hours and minutes, with or without a day, that is a whole value: alone, in a list or in an inline table."""

_OPENING = {"string": re.compile(r"\"{3}|'{3}"), "array": re.compile(r"\["), "table": re.compile(r"[{\[]")}

_QUOTES_HINT = lazy('text, durations and names stand in straight quotes, as in "10m"')
_HINTS = (
    (
        re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]\\d{1,4}[-./:][\\d\\sTZ./:+-]*\\D?$"),
        lazy("write a date or time without quotes, like 2020-10-13T20:00:00 or 20:00:00"),
    ),
    (
        re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]"),
        lazy('it has curly quotes; use straight ones, as in "text"'),
    ),
    (re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"), lazy("write a date and time that exist like 2020-10-13T20:00:00")),
    (re.compile(r"\d{1,2}:\d\d"), lazy("write a time with seconds, like 20:00:00")),
    (re.compile(r"(?i:true|yes|on|false|no|off)$"), lazy("write true or false")),
    (
        re.compile(r"'.*'.*'$|\".*\".*\"$"),
        lazy("a quote inside it ends it too early; put text with quotes between three: '''text'''"),
    ),
    (re.compile(r"\".*\\"), lazy("a backslash means something special between \"; use ' instead")),
    (
        re.compile(r"[\"'][^\"']*$"),
        lazy("its closing quote is missing; a text of several lines stands between three quotes"),
    ),
    (re.compile(r"[\[{]"), lazy("its closing bracket is missing, or a comma is missing or too many in it")),
)


class SyntaxHint(Value, frozen=True, kw_only=True):
    """A statement that is not TOML. `rest` is the text without it; None if nobody can tell where it ends."""

    line: int
    column: int
    message: str
    key: str = ""
    rest: str | None = None


def syntax_hint(error: Exception, text: str) -> SyntaxHint:
    """The hint for an error that `tomllib` raised on this text."""
    if isinstance(error, RecursionError):
        return SyntaxHint(line=1, column=1, message=lazy("this is nested far too deeply."))
    found = _ERROR_POSITION.match(str(error))
    if not found:
        return _long_number(text)
    if found["line"] is None:
        return _unclosed(found["what"], text)
    return _wrong_statement(found["what"], text, int(found["line"]), int(found["column"]))


def with_seconds(error: Exception, text: str) -> str | None:
    """The text with seconds in the time at which `tomllib` raised this error; None if it is none of theirs."""
    found = _ERROR_POSITION.match(str(error))
    if not found or found["line"] is None:
        return None
    lines = text.split("\n")
    number, at = int(found["line"]) - 1, int(found["column"]) - 1
    line = lines[number] if number < len(lines) else ""
    # tomllib reads the day, or the hour, and fails at what follows: inside the time, never at its beginning or its end
    time = next((one for one in _WITHOUT_SECONDS.finditer(line) if one.start() < at < one.end()), None)
    if time is None:
        return None
    lines[number] = f"{line[: time.end()]}:00{line[time.end() :]}"
    return "\n".join(lines)


def _wrong_statement(what: str, text: str, line: int, column: int) -> SyntaxHint:
    lines = text.split("\n")
    if line > len(lines):
        return _unclosed(what, text)
    statement = lines[line - 1]
    found = _STATEMENT.match(statement)
    if "overwrite" in what or "twice" in what:
        return _duplicate(text, lines, line)
    if "haracter '\\x" in what or (control := _control_character(statement)):
        at = control.start() + 1 if (control := _control_character(statement)) else column
        message = lazy("there is an invisible control character here; delete it and write it again.")
    elif found:
        at = found.start("value") + 1
        value = found["value"]
        message = lazy("{key} is {value}; {hint}.", key=repr(found["key"]), value=_shortened(value), hint=_hint(value))
    else:
        at = len(statement) - len(statement.lstrip()) + 1
        message = lazy('this line is not understood; write it like key = "value", or begin it with # if it is a note.')
    rest = "\n".join((*lines[: line - 1], "", *lines[line:]))
    key = found["key"].split(".")[-1].strip('"') if found else ""
    return SyntaxHint(line=line, column=at, message=message, key=key, rest=rest)


def _duplicate(text: str, lines: list[str], line: int) -> SyntaxHint:
    """The hint for a key or table that is given again. Its first value stays."""
    start = statement_start(text, line)
    first, column = start or (line, len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1)
    name = lines[first - 1].strip().split("=")[0].strip() if start else lines[line - 1].strip()
    rest = "\n".join((*lines[: first - 1], *[""] * (line - first + 1), *lines[line:])) if start else None
    message = lazy("{name} is there a second time; keep one.", name=_shortened(name))
    return SyntaxHint(line=first, column=column, message=message, rest=rest)


def _unclosed(what: str, text: str) -> SyntaxHint:
    """The hint for a quote or bracket that is never closed."""
    kind = next((kind for kind in _OPENING if kind in what), "string")
    opened = [found.start() for found in _OPENING[kind].finditer(text)]
    at = opened[-1] if opened else 0
    return SyntaxHint(
        line=text.count("\n", 0, at) + 1,
        column=at - (text.rfind("\n", 0, at) + 1) + 1,
        message=lazy("what begins here is never closed; put the closing quotes or bracket after it."),
    )


def _long_number(text: str) -> SyntaxHint:
    """The hint for a number too long for Python to read. Its error comes without a position."""
    found = re.search(r"\d{4000,}", text.replace("_", ""))
    line = text.replace("_", "").count("\n", 0, found.start()) + 1 if found else 1
    return SyntaxHint(line=line, column=1, message=lazy("this number is far too long."))


def _control_character(line: str) -> re.Match[str] | None:
    return re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)


def _hint(value: str) -> LazyText:
    return next((hint for pattern, hint in _HINTS if pattern.match(value) or pattern.fullmatch(value)), _QUOTES_HINT)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
