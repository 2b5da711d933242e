"""Lines of an announcement as they stand, before marks are read: rows of tables, and several marks on one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

_LONGEST = 1500
"""Characters of a line that are looked at together; a longer one is broken at a blank."""

_CLOCK = r"\d{1,2}(?:[:.h]\d\d)?[ ]?(?:[ap]\.?m\.?)?(?:[ ]?[-\u2013][ ]?\d{1,2}[:.]\d\d[ ]?(?:[ap]\.?m\.?)?)?"
_NUMBERED = regex.compile(rf"^[ ]*(?:{_CLOCK}\t+)?(?P<mark>[QT]?\d{{1,2}})[.):]?\t+(?:{_CLOCK}\t+)?(?=\S)")
_TIMED = regex.compile(rf"^[ ]*{_CLOCK}\t+(?=[^\t]+\?\s*$)")
_LABELLED = regex.compile(r"^[ ]*(?P<label>\p{L}[\p{L} ]{1,20}?)[ ]*:?\t+(?=[^\t]+$)")
"""A row with a number, perhaps a time and a question; one with a time and a question; one with a name and its value."""

_LETTERED = regex.compile(r"(?:^|(?<=\s))Q\s?(?P<number>\d{1,2})(?=[\s.:)\u2013-])")
_NUMBERS = regex.compile(r"(?:^\s*|(?<=[?!.])\s+)(?P<number>\d{1,2})[.)](?=\s*\p{Lu})")


def row_as_line(written: str) -> str:
    """A row of a table as a line with a mark or a label; any other line as it is."""
    if "\t" not in written:
        return written
    if found := _NUMBERED.match(written):
        return f"{found['mark']}. {written[found.end() :]}"
    if found := _TIMED.match(written):
        return f"\u2022 {written[found.end() :]}"
    if found := _LABELLED.match(written):
        return f"{found['label']}: {written[found.end() :]}"
    return written


def pieces_of(written: str) -> Iterator[str]:
    """The line in pieces that are short enough to be looked at."""
    while len(written) > _LONGEST:
        end = max(written.rfind(sign, _LONGEST // 2, _LONGEST) + len(sign) for sign in (". ", "? "))
        end = end if end > _LONGEST // 2 else max(written.rfind(" ", _LONGEST // 2, _LONGEST) + 1, _LONGEST // 2)
        yield written[:end]
        written = written[end:]
    yield written


def parts_of(written: str) -> Sequence[str]:
    """The line, or its parts where several marks stand on it, as in "Q1 Why? Q2 How?"."""
    for form in (_LETTERED, _NUMBERS):
        marks = list(form.finditer(written))
        numbers = [int(one["number"]) for one in marks]
        if len(marks) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] == 1:
            ends = [one.start() for one in marks[1:]] + [len(written)]
            before = written[: marks[0].start()]
            parts = [written[mark.start() : end].strip() for mark, end in zip(marks, ends, strict=True)]
            return [*([before] if before.strip() else []), *parts]
    return [written]
