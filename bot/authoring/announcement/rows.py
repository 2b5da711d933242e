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

_LABEL = regex.compile(
    r"""(?xi)(?:\w+[ ])?(?: (?:guest[ ]|co-?)?hosts?(?:ed[ ]by)? | facilitat(?:ors?|ed[ ]by) | support(?:ed[ ]by)?
      (?:[ ]on[ ]the[ ]night)? | moderat(?:ors?|ion|ed[ ]by) | chairs? | presenters? | led[ ]by | leitung
      | gastgeber(?:in)? ) | date | day | when | time | start(?:s|ing)? | topic | title | theme | subject | chat
      | hashtag | length | duration | where | datum | tag | wann | zeit | uhrzeit | beginn | dauer | thema | titel"""
)
"""What a cell says that tells what the next one is, or the one below it."""

_PEOPLE = regex.compile(r"(?i)host|facilitat|moderat|support|chair|presenter|led by|leitung|gastgeber")
_HANDLE = regex.compile(r"@\w{2,30}")

BETWEEN_PARTS = "\x1e"
"""Stands between the parts of a line that are to be lines of their own."""

_LETTERED = regex.compile(r"(?:^|(?<=\s))Q\s?(?P<number>\d{1,2})(?=[\s.:)\u2013-])")
_IN_SENTENCES = regex.compile(
    r"(?:^\s*|(?<=[?!.])\s+)(?i:Q|T|question|frage)\s?(?P<number>\d{1,2})(?=\s?[.:)\u2013-]|\s+\p{Lu})"
)
_NUMBERS = regex.compile(r"(?:^\s*|(?<=[?!.])\s+)(?P<number>\d{1,2})[.)](?=\s*\p{Lu})")


def rows_as_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines, each row of a table as a line with a mark or with labels. There are as many as before.

    The row below one that has only labels gets them. Where several follow, each is another chat, and nobody is named.
    """
    heads: list[str] = []
    for at, line in enumerate(lines):
        cells, below = _cells(line), _cells(lines[at + 1]) if at + 1 < len(lines) else []
        if heads:
            yield BETWEEN_PARTS.join(f"{label}: {cell}" for label, cell in zip(heads, cells, strict=True))
            heads = []
        elif _is_head(cells, below):
            heads = cells if at + 2 >= len(lines) or len(_cells(lines[at + 2])) != len(cells) else []
            yield ""
        else:
            yield row_as_line(line)


def _is_head(cells: Sequence[str], below: Sequence[str]) -> bool:
    labels = len(cells) > 1 and all(map(_is_label, cells)) and any(map(_PEOPLE.search, cells))
    return labels and len(below) == len(cells) and not any(map(_is_label, below))


def _is_label(cell: str) -> bool:
    return bool(_LABEL.fullmatch(cell.rstrip(" :")))


def _cells(line: str) -> list[str]:
    """The cells of a row that are not empty; none for a line that is no row."""
    return [cell.strip(" :") for cell in line.split("\t") if cell.strip(" :")] if "\t" in line else []


def row_as_line(written: str) -> str:
    """A row of a table as a line with a mark or with labels; any other line as it is."""
    if "\t" not in written:
        return written
    cells = _cells(written)
    if _is_label(next(iter(cells), "")) and _PEOPLE.search(cells[0]):
        return _labelled(cells)
    if found := _NUMBERED.match(written):
        return f"{found['mark']}. {written[found.end() :]}"
    if found := _TIMED.match(written):
        return f"\u2022 {written[found.end() :]}"
    if found := _LABELLED.match(written):
        return f"{found['label']}: {written[found.end() :]}"
    return written


def _labelled(cells: Sequence[str]) -> str:
    """The cells of a row with one or several labels, each followed by what it tells, in one cell or more."""
    parts: list[str] = []
    for cell in cells:
        if _is_label(cell):
            parts.append(f"{cell}:")
        else:
            parts[-1] += f" ({cell})" if _HANDLE.fullmatch(cell) else f" {cell}"
    return BETWEEN_PARTS.join(parts)


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
    if BETWEEN_PARTS in written:
        return written.split(BETWEEN_PARTS)
    for form in (_LETTERED, _IN_SENTENCES, _NUMBERS):
        marks = list(form.finditer(written))
        numbers = [int(one["number"]) for one in marks]
        begins = numbers[:1] == [1] or (
            form is not _LETTERED and bool(marks) and not written[: marks[0].start()].strip()
        )
        if len(marks) > 1 and begins and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            ends = [one.start() for one in marks[1:]] + [len(written)]
            before = written[: marks[0].start()]
            parts = [written[mark.start() : end].strip() for mark, end in zip(marks, ends, strict=True)]
            return [*([before] if before.strip() else []), *parts]
    return [written]
