"""Finds what an announcement has besides its questions: background, references, links and notes on access.

The bot posts none of it. It is kept for whoever finishes the draft: most of it belongs on the chat's own page or into
its announcement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import regex

from bot.authoring.announcement.found import FoundBackground
from bot.authoring.announcement.lines import PARAGRAPH, Line
from bot.authoring.announcement.questions import FoundQuestions
from bot.readable.links import split_links

_HEADING = regex.compile(
    r"(?i)^\W*(?:(?:key\s+|suggested\s+|useful\s+)?(?:references?|bibliography|sources?|literature)"
    r"|(?:further|background|suggested|pre-?chat)\s+reading|read\s+more)\s*(?:list)?\W*$"
)
"""A line of its own above a list of references."""

_REFERENCE = regex.compile(
    r"""(?x)^(?!(?:As|In|See|When|While|With|For|After|Since|But|And|If|Under|From)\b)
      [\p{Lu}\u2018\u201c"'][^?]{1,250}?[(\[](?:19|20)\d\d[a-z]?[)\]] (?:\s*[.,:]|\s+[\p{Lu}'"\u2018\u201c])
    | \bdoi\b\s*[:.]? \s*10\.\d{4} | \bdoi\.org/10\. | \b\d+\s?\(\d+\)\s?[:,]\s?(?:pp?\.\s?)?\d+"""
)
"""Author and year at the beginning (Harvard), a DOI, or a journal's volume, issue and pages (Vancouver)."""

_ACCESS = regex.compile(
    r"""(?xi)\b(?: accessib\w+ | access\s+(?:needs?|requirements?|notes?|arrangements?) | alt(?:ernative)?[\s-]?text
    | image\s+descriptions? | (?:live\s+|closed\s+)?caption(?:s|ed|ing)\b | subtitles? | screen[\s-]?readers?
    | BSL | ISL | ASL | Auslan | sign\s+language | easy[\s-]read | large\s+print | plain\s+(?:language|english)
    | camel\s?case | dyslexi\w* | content\s+(?:warning|note) | trigger\s+warning | interpreters? | hearing\s+loop
    | step[\s-]free | read\s+aloud )\b"""
)

_MOST_REFERENCES = 60
"""Lines below a heading that are taken for references."""


def find_background(
    lines: Sequence[Line], title: str, questions: FoundQuestions, linked: Sequence[str] = ()
) -> FoundBackground:
    """The background in a post, besides its title and questions; anything after the post is ignored.

    `linked` are the addresses behind its words, which a document has besides those that can be read in the text.
    """
    asked = {_words(one) for one in questions.texts}
    own = [line for line in lines if not line.after and not _is_asked(line, asked) and not _is_title(line, title)]
    references = list(_references(own))
    cited = {line.number for line in references}
    rest = [line for line in own if line.number not in cited]
    access = [line for line in rest if _ACCESS.search(line.text) and "?" not in line.text]
    told = {line.number for line in access}
    paragraphs = (line for line in rest if not line.style and line.number not in told and not _HEADING.match(line.text))
    return FoundBackground(
        paragraphs=tuple(line.text for line in paragraphs if len(line.text) >= PARAGRAPH),
        references=tuple(line.text for line in references),
        links=tuple(dict.fromkeys([*_links(rest), *_uncited(linked, references)])),
        access=tuple(line.text for line in access),
    )


def _references(lines: Sequence[Line]) -> Iterator[Line]:
    """Those below their heading, down to a line that reads like none, and those that read like one anywhere."""
    below = 0
    for line in lines:
        if _HEADING.match(line.text):
            below = _MOST_REFERENCES
        elif _REFERENCE.search(line.text) and not line.text.endswith("?"):
            yield line
            below = max(below - 1, 0)
        elif below and _stands_in_list(line):
            yield line
            below -= 1
        else:
            below = 0


def _stands_in_list(line: Line) -> bool:
    """Whether a line below the heading goes on with the list: marked, or with an address or a year."""
    return bool(line.style or regex.search(r"https?://|\b(?:19|20)\d\d\b", line.text)) and "?" not in line.text


def _links(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield from (piece for piece, is_link in split_links(line.text) if is_link)


def _is_asked(line: Line, asked: Collection[str]) -> bool:
    """Whether a line is a question, or a paragraph that is part of one."""
    words = _words(line.text)
    return words in asked or (len(words) >= PARAGRAPH and any(words in one for one in asked))


def _is_title(line: Line, title: str) -> bool:
    return bool(title) and _words(line.text).endswith(_words(title))


def _uncited(linked: Sequence[str], references: Sequence[Line]) -> Iterator[str]:
    cited = set(_links(references))
    return (one for one in linked if one not in cited)


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
