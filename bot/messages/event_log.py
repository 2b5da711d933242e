"""The event log: reads and writes JSON Lines, one event a line.

Everything that is published can be rebuilt from such a file. Reading reports all bad lines at once, in plain words, and
never repeats a participant's words. If a key stands twice in a line, the last one counts; unknown keys are ignored.
Nothing here decides what an event means.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec

from bot.errors import InputError, Problem, SetupError
from bot.messages import AnyEvent, Gap, MediaKind, Message

LONGEST = 1 << 20
"""Bytes of the longest line that is read."""

SHOWN = 50
"""Problems that are reported one by one, at most."""

_TYPES = tuple(str(kind.__struct_config__.tag) for kind in AnyEvent.__args__)
_FIRST = ("type", "place", "id", "author", "text", "at")
_RARE = frozenset(
    {
        *("chat", "reply_place", "conversation", "summons", "role", "changed", "repeats", "unnamed"),
        *("quotes", "media", "names", "versions", "version"),
        *("outcome", "before", "after", "receipt", "about", "public"),
    }
)
_USUAL: tuple[object, ...] = (None, False, "participant", {})
_YEARS = range(1970, 9999)
_BOM = b"\xef\xbb\xbf"
_DECODER: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

_MUST = {
    "type": f"one of {', '.join(_TYPES)}",
    "author": 'an object, like {"id": "77"}',
    "at": 'a time with its zone, like "2020-10-13T19:12:00Z"',
    "followers": "a whole number, 0 or more, or null",
    "part": "a whole number",
    "id": 'text of 1 to 200 characters, like "1029"',
    "place": 'text of 1 to 200 characters, like "room"',
    "reply_to": 'text, like "1029", or null',
    "url": "text or null",
    "chat": "text or null",
    "of": "text or null",
    "question": 'the key of a question, like "q2", or null',
    "into": 'the id of a message, like "1029", or null',
    "into_place": 'text of 1 to 200 characters, like "room", or null',
    "on": "true or false",
    "media": 'a list, like [{"kind": "picture", "text": ""}]',
    "media[]": 'an object, like {"kind": "picture", "text": ""}',
    "media[].kind": f"one of {', '.join(get_args(MediaKind))}",
    "names": "an object of texts",
    "versions": "a list of ids",
}
_MUST["from"] = _MUST["to"] = _MUST["at"]
_KINDS = {
    "str": "text",
    "int": "a number",
    "float": "a number with a fraction",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def read(path: Path) -> list[AnyEvent]:
    """Read a log: every event, in the order of its lines.

    Raises InputError with a Problem for each bad line (at most `SHOWN`, then how many more), SetupError if the file
    cannot be opened or read.
    """
    try:
        with path.open("rb") as file:
            return decode(file, str(path))
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}. Check its name and permissions.") from error


def decode(file: BinaryIO, name: str) -> list[AnyEvent]:
    """Read a log from an open file; problems call it `name`. Raises InputError."""
    events: list[AnyEvent] = []
    problems: list[Problem] = []
    more = 0
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        event = _event(line)
        if not isinstance(event, _Fault):
            events.append(event)
        elif len(problems) < SHOWN:
            problems.append(Problem(file=name, line=number, column=event.column, message=event.message))
        else:
            more += 1
    if more:
        problems.append(msgspec.structs.replace(problems[-1], message=f"and {more} more lines with mistakes."))
    if problems:
        raise InputError(tuple(problems))
    return events


def lines(events: Iterable[AnyEvent]) -> Iterator[bytes]:
    """Each event as one line, newline included, times in UTC with `Z`."""
    encoder = msgspec.json.Encoder()
    for event in events:
        yield encoder.encode(_plain(event)) + b"\n"


def write(events: Iterable[AnyEvent], file: BinaryIO) -> None:
    """Append the events to an open binary file."""
    file.writelines(lines(events))


class _Fault(msgspec.Struct, frozen=True):
    message: str
    column: int = 1


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long, only enough to see that."""
    line = file.readline(LONGEST + 2).removeprefix(_BOM)
    while line:
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = file.readline(LONGEST + 2)
        line = file.readline(LONGEST + 2)


def _event(line: bytes) -> AnyEvent | _Fault:
    """The event on a line, or its fault."""
    if len(line) > LONGEST + line.endswith(b"\n"):
        return _Fault("the line is longer than 1 MiB; no event is, so remove it.")
    try:
        event = _DECODER.decode(line)
    except msgspec.ValidationError as error:
        return _invalid(line, str(error))
    except msgspec.DecodeError as error:
        return _malformed(line, str(error))
    except UnicodeDecodeError:
        return _encoding(line)
    except RecursionError:
        return _Fault("values are nested too deeply; no event is, so remove the line.")
    return _years(line, event) or event


def _years(line: bytes, event: AnyEvent) -> _Fault | None:
    """Check the year: Python's calendar has the years 1 to 9999, so a time near either end has no other zone."""
    times = {"at": event.at}
    if isinstance(event, Gap):
        times |= {"from": event.since, "to": event.until}
    for name, time in times.items():
        if time.year not in _YEARS:
            wanted = f"between {_YEARS[0]} and {_YEARS[-1]}"
            return _Fault(f"'{name}' is in the year {time.year}; it must be {wanted}.", _column(line, [name]))
    return None


def _malformed(line: bytes, error: str) -> _Fault:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _Fault("the file is UTF-16; save it as UTF-8.")
    if "truncated" in error:
        return _Fault("the line is cut off; remove it or export again.")
    byte = re.search(r"\(byte (\d+)\)$", error)
    column = len(line[: int(byte[1])].decode(errors="replace")) + 1 if byte else 1
    reason = error.removeprefix("JSON is malformed: ").split(" (byte")[0]
    return _Fault(f"the line is not JSON ({reason}); it must be one object in braces.", column)


def _encoding(line: bytes) -> _Fault:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return _Fault("the line is cut off; remove it or export again.")
        column = len(line[: error.start].decode()) + 1
        return _Fault("the line is not UTF-8; save the file as UTF-8.", column)
    return _Fault("the line has text that is not valid Unicode; export it again.")


def _invalid(line: bytes, error: str) -> _Fault:
    """An error of msgspec (`Expected …, got … - at $.author.id`) in plain words."""
    said, _, where = error.partition(" - at `$.")
    path = where.rstrip("`").split(".") if where else []
    missing = re.search(r"missing required field `(\w+)`", said)
    if missing:
        name = ".".join([*path, missing[1]])
        return _Fault(f"'{name}' is missing; it must be {_must(missing[1])}.", _column(line, path))
    if not path:
        return _Fault("the line must be one object in braces.")
    return _Fault(f"'{'.'.join(path)}' {_what(said)}; it must be {_must(*path)}.", _column(line, path))


def _must(*path: str) -> str:
    return _MUST.get(re.sub(r"\[\d+\]", "[]", ".".join(path))) or _MUST.get(path[-1], "text")


def _what(said: str) -> str:
    """The fault of a value, without showing it."""
    got = re.search(r"got `(\w+)`", said)
    if got:
        return f"is {_KINDS.get(got[1], got[1])}"
    unknown = re.fullmatch(r"Invalid value '([a-z_-]{1,20})'", said)
    if unknown:
        near = difflib.get_close_matches(unknown[1], _TYPES, n=1)
        return f"is '{unknown[1]}'" + (f" (did you mean '{near[0]}'?)" if near else "")
    for sign, words in _SIGNS.items():
        if sign in said:
            return words
    return "is not understood"


_SIGNS = {
    "timezone": "has no zone",
    "RFC3339": "is not a time",
    "length >=": "is empty",
    "length <=": "is too long",
    "` >=": "is too small",
    "` <=": "is too large",
}


def _column(line: bytes, path: list[str]) -> int:
    """The column of the value at `path`; the line is good JSON as far as there."""
    text = line.decode(errors="replace")
    spot = len(text) - len(text.lstrip())
    for name in path:
        spot = _member(text, spot, name)
        if not spot:
            return 1
    return spot + 1


def _member(text: str, spot: int, name: str) -> int:
    """The index at which the value of `name` begins in the object at `spot`; 0 if it can't be found."""
    decoder, space = json.JSONDecoder(), re.compile(r"[\s,:]*")
    try:
        spot += 1
        while True:
            key, spot = decoder.raw_decode(text, _end(space, text, spot))
            spot = _end(space, text, spot)
            if key == name:
                return spot
            _, spot = decoder.raw_decode(text, spot)
    except (ValueError, RecursionError):
        return 0


def _end(pattern: re.Pattern[str], text: str, spot: int) -> int:
    found = pattern.match(text, spot)
    return found.end() if found else spot


def _plain(event: AnyEvent) -> dict[str, object]:
    """The event as an object, in the documented order of keys. Rare keys are left out unless they are set."""
    times = {name: getattr(event, name) for name in ("at", "since", "until") if hasattr(event, name)}
    utc = msgspec.structs.replace(event, **{name: time.astimezone(UTC) for name, time in times.items()})
    values: dict[str, object] = msgspec.to_builtins(utc)
    # An edit with an empty list says that nothing is left; a message with one says nothing.
    usual: tuple[object, ...] = (*_USUAL, ()) if isinstance(event, Message) else _USUAL
    present = [name for name in values if name not in _RARE or values[name] not in usual]
    return {name: values[name] for name in (*_FIRST, *present) if name in present}
