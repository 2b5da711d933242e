"""Marks: the questions that a text names as people write them, "A2", "Ans 2:", "#Q2", "A1/2". Pure.

A mark stands at the beginning of a text or of a line in it, after handles, links, hashtags, emoji, punctuation and
greetings; a closed one ("A2:") also after a sentence, and a hashtag of it ("#A2") among those at the end. Quoted lines
do not count. A letter of the chat ("A" and "Q" by default) needs no more than its number. Other letters, the article in
"A 2 week wait", and a mark after "on" or "my" need a sign that closes the mark. Nothing here knows other messages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.chat import DEFAULT_MARKS
from bot.live.answer_mark_words import ANSWER_WORDS, CONNECTIVES, COUNTED, GREETINGS, OTHER_SENSES, REFERENCES, SPELLED
from bot.messages import Value

_WHEN_CLOSED = ("a", "q", "t", "r", "p", "f")
"""Letters that mark a question in every chat once a sign closes the mark: also topic, respuesta, pregunta, Frage.

"T1 weighted" and "R1 resection" have no such sign.
"""

_ARTICLES = frozenset("aeioy\xe0")
"""Letters that are words in some language, so that "a 2" is no mark, but "a 2:" is."""

_NUMBER_SIGNS = ("no", "nr", "number")
_MOST_LINES, _MOST_QUESTIONS, _TAIL_LENGTH = 40, 50, 200

# A quick look ------------------------------------------------------------------------------------

_NUMERALS = "0123456789"
_DIGITS = re.compile(rf"[{_NUMERALS}]+")
_NEAR, _BETWEEN = 14, " .:_#-\xa0"
_SPELLED = re.compile(rf"(?:answers?|questions?)\s(?:{'|'.join(SPELLED)})\b")
_IN_WORDS = re.compile(rf"(?:{'|'.join(SPELLED)})\b")
_ENDS_OF_WORDS = frozenset(word[-1] for word in ANSWER_WORDS)
_KEY = "\u20e3"
_KEYCAP = re.compile(r"(\d)\ufe0f?\u20e3")
_KEYCAP_FIRST = re.compile(r"(?:@[\w.\-]+|[\W_])*\d\ufe0f?\u20e3")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_TYPED = re.compile("[\x00-\x7f\u2013\u2014\u2018\u2019\u201c\u201d]*")
"""A text with nothing beyond ASCII but the dashes and quotation marks that telephones write."""
_ALIKE = {"\U0001f170": "a", "\u0430": "a", "\u03b1": "a"}
"""A letter on a button, and the Cyrillic and Greek letters that look like A."""

# Around a mark -----------------------------------------------------------------------------------

_QUOTE = re.compile(r"^[^\S\n]*(?:>>>\s[\s\S]*|>[^\n]*)", re.MULTILINE)
_BOUNDARY = re.compile(r"(?:[.!?;][\"')\]]*|[^\w\s,:'\"(\[#@&+/\-])\s+|\b(?:for|on|to|re|about)\s+(?=q)")
_TAIL = re.compile(r"(?:(?<!\bon)(?<!\bthe)(?<!\bthis)(?<!\bmy)(?<!\ba)\s+(?:[#@][^\s#@]+|https?://\S+))+\s*$")
_CLOSED = re.compile(r"[*_~|\"']*\s?(?:[)\]}*_~|:;!?>\u2192\u27a1\xbb](?!\d)|\.(?!\d)|-(?=\s|$)|[\u2013\u2014]|$)")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PAPER = "\u7528\u7d19|\u30b5\u30a4\u30ba|\u5224|[\u7d19\u7eb8]|\uc6a9\uc9c0"
_OPEN_END = re.compile(rf"(?!(?![{_UNSPACED}])[^\W_]|['\u2019%\xb0]|:\d|\s*\(m\)|\s?(?:{_PAPER}))")
_OTHER_SENSE = re.compile(rf"[\s+/\-]*(?:{'|'.join(OTHER_SENSES)})(?![^\W_])")
_COUNTED = re.compile(rf"\s*(?:{'|'.join(COUNTED)})(?![^\W_])")
_HAEMOGLOBIN = re.compile(r"#?a.?0*1c")


class _Grammar(Value, frozen=True, kw_only=True):
    """The patterns of a chat's letters.

    `plain` are the letters that need no closing sign, `beginnings` all that may stand before the number of a mark.
    `look` finds something wherever `_may_name` does, in a fifth of the time.
    """

    plain: frozenset[str]
    beginnings: frozenset[str]
    lead: re.Pattern[str]
    first: re.Pattern[str]
    more: re.Pattern[str]
    colon: re.Pattern[str]
    tag: re.Pattern[str]
    look: Callable[[bytes], object]


def named_questions(text: str, keys: frozenset[str], letters: Sequence[str] = DEFAULT_MARKS) -> tuple[str, ...]:
    """The questions that a text names, each once and in its order, as far as the chat has them."""
    grammar, plain = _grammar(tuple(letters)), _plain(text)
    return _named(text, plain, keys, grammar) if grammar.look(plain.encode(errors="replace")) or _KEY in text else ()


def questions_named_in(
    texts: Sequence[str], keys: frozenset[str], letters: Sequence[str] = DEFAULT_MARKS
) -> dict[str, tuple[str, ...]]:
    """The questions that each of these texts names. Each step for all texts takes half as long as text by text."""
    grammar = _grammar(tuple(letters))
    plain = [_plain(text) for text in texts]
    looks = [grammar.look(one.encode(errors="replace")) for one in plain]
    named: dict[str, tuple[str, ...]] = dict.fromkeys(texts, ())
    for text, one, look in zip(texts, plain, looks, strict=True):
        if look or _KEY in text:
            named[text] = _named(text, one, keys, grammar)
    return named


def _named(text: str, plain: str, keys: frozenset[str], grammar: _Grammar) -> tuple[str, ...]:
    numbers: Iterable[int] = ()
    if _may_name(plain, grammar):
        numbers = _numbers(_QUOTE.sub("", plain) if ">" in plain else plain, grammar)
    return tuple(dict.fromkeys(key for number in numbers or _keycap(text) if (key := f"q{number}") in keys))


def _may_name(text: str, grammar: _Grammar) -> bool:
    """Whether a text may have a mark: a quick look at the word before each number."""
    for found in _DIGITS.finditer(text) if _has_any(text, _NUMERALS) else ():
        before = text[max(0, found.start() - _NEAR) : found.start()].rstrip(_BETWEEN)
        start = len(before)
        while start and before[start - 1].isalpha():
            start -= 1
        if before[start:] in grammar.beginnings:
            return True
    return ("nswer" in text or "uestion" in text) and _SPELLED.search(text) is not None


def _has_any(text: str, parts: Iterable[str]) -> bool:
    """Whether a text has one of these parts. A regular expression takes five times as long to find none."""
    return any(map(text.__contains__, parts))


def _plain(text: str) -> str:
    """A text in common characters: one case, digits 0 to 9, nothing that is invisible."""
    if text.isascii():
        return text.lower()
    if (plainly := text.replace("\u2026", "...")).isascii() or _TYPED.fullmatch(plainly):
        return plainly.lower()  # as below
    return _BEYOND_ASCII.sub(_common, unicodedata.normalize("NFKC", text).casefold())


def _common(found: re.Match[str]) -> str:
    one = found[0]
    if one in _ALIKE:
        return _ALIKE[one]
    category = unicodedata.category(one)
    if category == "Nd":
        return str(unicodedata.digit(one))
    return "" if category in {"Cf", "Me"} or "\ufe00" <= one <= "\ufe0f" else one


def _keycap(text: str) -> Iterable[int]:
    """The number of a text that begins with a keycap and has no other: several number points, not questions."""
    found = _KEYCAP.findall(text) if "\u20e3" in text else ()
    return (int(found[0]),) if len(found) == 1 and _KEYCAP_FIRST.match(text) else ()


def _numbers(text: str, grammar: _Grammar) -> list[int]:
    """The numbers of all marks in a text."""
    found = list[int]()
    for line in text.split("\n")[:_MOST_LINES]:
        if lead := grammar.lead.match(line):
            found += _mark(line, lead.end(), grammar, closed=bool(lead["connective"]) and not lead["reference"])
            found += _series(line, lead.end(), grammar)
        for boundary in _BOUNDARY.finditer(line, 0, _last_number(line)):
            # "A1 Teams. A2 phones": where one has begun, others follow in their order
            open_ones = _mark(line, boundary.end(), grammar, closed=False) if found else []
            found += open_ones if open_ones > found[-1:] else _mark(line, boundary.end(), grammar, closed=True)
    return [*found, *_tags(text, grammar)] if "#" in text else found


def _last_number(line: str) -> int:
    """Where the last number of a line ends, or the line itself if a number in words may follow a word for a mark."""
    for found in _IN_WORDS.finditer(line) if _has_any(line, SPELLED) else ():
        before = line[found.start() - 1 : found.start()]
        if before in _ENDS_OF_WORDS or not before.isalpha():
            return len(line)
    ends = [found.end() for found in _DIGITS.finditer(line)]
    return ends[-1] if ends else 0


def _series(line: str, start: int, grammar: _Grammar) -> list[int]:
    """The numbers that go on from a mark with a colon, each with one, too: "A1: Teams, A2: phones"."""
    if not grammar.colon.match(line, start):
        return []
    found = [int(mark["number"]) for mark in grammar.colon.finditer(line, start)]
    return [number for before, number in pairwise(found) if number == before + 1]


def _tags(text: str, grammar: _Grammar) -> Iterator[int]:
    """The numbers of marks among the hashtags at the end."""
    text = text[-_TAIL_LENGTH:]
    tail = _TAIL.search(text) if grammar.tag.search(text) else None
    for tag in tail[0].split() if tail else ():
        mark = grammar.first.fullmatch(tag)
        if mark and tag.startswith("#") and mark["letter"] in grammar.plain:
            yield int(mark["number"])


def _mark(text: str, start: int, grammar: _Grammar, *, closed: bool) -> list[int]:
    """The numbers of the mark that begins here; none if there is none. `closed`: only one with a closing sign."""
    first = grammar.first.match(text, start)
    if first is None or (first["spelled"] and not first["word"]) or _HAEMOGLOBIN.fullmatch(first[0]):
        return []
    numbers, end = _listed(text, first, grammar)
    if _CLOSED.match(text, end):
        return numbers
    return [] if closed or not _stands_alone(text, first, end, grammar) else numbers


def _stands_alone(text: str, first: re.Match[str], end: int, grammar: _Grammar) -> bool:
    """Whether a mark that no sign closes is one nevertheless."""
    if not _OPEN_END.match(text, end):
        return False
    if first["word"]:
        return first["word"] != "re" and not _COUNTED.match(text, end)
    if _OTHER_SENSE.match(text, end):
        return False
    is_article = first["letter"] in _ARTICLES and first["gap"].isspace()
    return first["letter"] in grammar.plain and not is_article


def _listed(text: str, first: re.Match[str], grammar: _Grammar) -> tuple[list[int], int]:
    """All numbers of a mark, as in "A1/2", "A1 & A2" or "A1-A3", and where it ends."""
    numbers, end = [_value(first)], first.end()
    sure, doubted = (numbers, end), False
    while len(numbers) < _MOST_QUESTIONS and (found := grammar.more.match(text, end)):
        last = int(found["number"])
        through = range(numbers[-1] + 1, min(last, _MOST_QUESTIONS)) if found["range"] or found["to"] else ()
        numbers, end = [*numbers, *through, last], found.end()
        # "A1, 2 & 3: …", but not "A1, 2 of us" and "A1 and 2 others"
        doubted = (doubted or bool(found["apart"] and not found["letter"])) and not _CLOSED.match(text, end)
        sure = sure if doubted else (numbers, end)
    return sure


def _value(found: re.Match[str]) -> int:
    return int(found["number"]) if found["number"] else SPELLED.index(found["spelled"]) + 1


@lru_cache(maxsize=64)
def _grammar(letters: tuple[str, ...]) -> _Grammar:
    """The patterns. A negated word character ahead says that a word ends there; a `_` may follow it."""
    plain = frozenset(_plain(one) for one in letters)
    every = plain.union(_WHEN_CLOSED)
    letter = "|".join(sorted(map(re.escape, every), key=len, reverse=True))
    spelled, signs = "|".join(SPELLED), "|".join(_NUMBER_SIGNS)
    apart = rf"\s*(?:(?:{signs})\b\.?\s*|\#\s?|[.:\-]?\s?)"
    sub = r"(?:\s?\((?!m\))[a-z]\)|(?:[a-f]|i{1,3}|\.\d{1,2})(?![^\W_]))?"
    another = rf"(?=(?:{letter})\d)"
    lead = rf"""(?:
        @[\w.@\-]+ | (?:https?://|www\.)\S+ | <[^<>\s]+> | :[\w+\-]+: | \#(?!(?:{letter})\d{{1,2}}(?![^\W_]))\w+
        | (?P<reference>(?:{"|".join(REFERENCES)})(?![^\W_])(?!{apart}(?:\d|(?:{spelled})\b)))
        | (?:{"|".join(GREETINGS)})(?![^\W_])
        | (?P<connective>(?:{"|".join(CONNECTIVES)})(?![^\W_]))
        | \d{{1,2}}/(?:\d{{1,2}}|n)?(?![^\W_])
        | [\W_]
        )*"""
    first = rf"""
        \#?(?:(?P<letter>{letter})(?P<gap>[.\-_:]|\s?)|(?P<word>{"|".join(ANSWER_WORDS)}){apart})
        (?:(?P<number>\d{{1,3}})(?!\d)|(?P<spelled>{spelled})\b){sub}"""
    more = rf"""
        (?:(?P<range>[\-\u2013\u2014]|\s[\-\u2013\u2014]\s{another})
            |\s?[/&+,]\s?{another}|\s?[/&]\s?|[+,](?=\d)|\s\+\s|\s{another}
            |(?P<apart>,\s?|\s(?:(?P<to>to|thru|through|bis)|and|or|und|et|y|e|en|og)\s))
        (?P<letter>{letter})?[.\-]?(?P<number>\d{{1,3}})(?!\d|[:.]\d){sub}"""
    beginnings = every.union(ANSWER_WORDS, _NUMBER_SIGNS)
    return _Grammar(
        plain=plain,
        beginnings=beginnings,
        lead=re.compile(lead, re.VERBOSE),
        first=re.compile(first, re.VERBOSE),
        more=re.compile(more, re.VERBOSE),
        colon=re.compile(rf"(?<![^\s,;/|])(?:{letter})(?P<number>\d{{1,2}}):(?!\d)"),
        tag=re.compile(rf"#(?:{letter})\d"),
        look=_first_look(beginnings),
    )


def _first_look(beginnings: frozenset[str]) -> Callable[[bytes], object]:
    """A look for one of these before a number, however near, and for a number in words."""
    import re2  # noqa: PLC0415 -- short verbs read no texts

    words = "|".join(map(re2.escape, sorted(beginnings)))
    cut = max(0, _NEAR - max(map(len, beginnings)))  # signs between, if the look at a word doesn't reach its beginning
    between = rf"[{re.escape(_BETWEEN)}]"
    found = re2.Set.SearchSet()
    found.Add(rf"(?:(?:\A|[^a-z])(?:{words}){between}*|(?:{words}){between}{{{cut},}})[0-9]")
    found.Add(rf"(?:answer|question)s?(?s:.)(?:{'|'.join(SPELLED)})")
    found.Compile()
    match: Callable[[bytes], object] = found.Match
    return match
