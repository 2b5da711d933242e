"""Patterns for a person's handles, ids and names in plain text. Pure.

A name of one word that is also an ordinary word (Will, May; "Therapist" where others write of therapists), or part of
another participant's name, stays: nobody's sentence is spoilt for it. A handle without its @ counts if it can be no
ordinary word: it has a digit or a sign in it, or it is made of two parts of the person's own names, as "katebrown" or
"kbrown" are of Kate Brown. Among those who were in a chat with them, so does one with a capital inside that is written
the same, as in "SunnyDayz", if it is no hashtag.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import re2

from bot.erasure.plain_text import plain
from bot.erasure.traces import CERTAIN, Traces

_SHORTEST_NAME = 3

_AT_ONCE = 1000
"""Ids and handles that are looked for in one pass: with more, the library runs out of the memory that it may take."""

_WORDS_TOO = """
will may june april august hope grace joy faith mark rose art bill dean grant frank jack bob pat sue penny daisy ivy
holly ruby amber dawn summer autumn heather iris lily olive violet robin jay drew chase hunter mason carter cook baker
smith young long short brown black white green gray grey king price wood stone hill field day love best good rich case
page bell ward moore wells park banks brooks rivers lane church hall house little small sharp wise strong
prof msc bsc phd mrs miss nhs
"""
_ORDINARY = frozenset(_WORDS_TOO.split())
"""Names that are ordinary words as well, and titles."""

_PART = re.compile(r"[^\W_]+")
_DOUBLE = re.compile(r"[^\W_]+(?:[-'\u2010\u2011\u2013\u2019][^\W_]+)+")
"""A double name, or one as in "O'Brien"."""

_HASHTAG = re.compile(r"#(\w+)")
_ADDITION = re.compile(r"[|(\[{,;:/\u00b7\u2022\u2013\u2014]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1100-\u11ff\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]{3,}")
"""A name in a script that puts no spaces between words: Thai, Korean in plain text, Japanese, Chinese."""

_INSIDE = re.compile(r"[a-z][A-Z]")
"""A capital inside of a word."""

_HYPHEN = r"[-'\u2010\u2011\u2013\u2019]"
_BETWEEN = r"[^\w\"\\.,;:!?()\[\]{}<>@#/&+]{1,12}"
"""Between two parts of a name: spaces, a hyphen, an emoji; nothing that ends a phrase, or a text in JSON."""

_HOST = r"(?<![\w@./-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?::\d{1,5})?/"
_IN_ADDRESS = r"[^\s<>\"\\]"
_REST_OF_ADDRESS = r"[^\s<>\"\\)\]\u00ab\u00bb\u2018-\u201f\u2039\u203a]*(?<=[\w/=&#%+~$-])"
"""What follows in an address: not the bracket, the quotation mark or the full stop behind it."""


def handles_of(traces: Traces) -> list[str]:
    """The handles as they are compared, the longest first."""
    return _longest_first(plain(one).lstrip("@").casefold() for one in traces.handles)


def hint(traces: Traces) -> Callable[[str], object]:
    """Whether a plain, casefolded text may have something certain: looked at before the exact patterns."""
    found = [one.casefold() for one in traces.certain_ids] + handles_of(traces)
    found += [f"@{one.casefold()}" for name in traces.names for one in (*_parts(name)[:1], *plain(name).split()[:1])]
    found += [f"{prefix}{id}" for id in traces.ids - traces.certain_ids for prefix in "@&!"]
    options = re2.Options()
    options.max_mem = 64 << 20
    words: list[str] = list(map(re2.escape, sorted(found)))
    groups = [words[at : at + _AT_ONCE] for at in range(0, len(words), _AT_ONCE)]
    searches = [re2.compile("|".join(one), options).search for one in groups]
    return searches[0] if len(searches) == 1 else lambda text: any(search(text) for search in searches)


def certain(traces: Traces) -> list[re.Pattern[str]]:
    """Patterns that can only mean the person: handles, long ids, addresses with one of them, and mentions by name."""
    ids = [re.escape(one) for one in sorted(traces.certain_ids, key=len, reverse=True)]
    handles = handles_of(traces)
    escaped = [re.escape(one) for one in handles]
    bare = [re.escape(one) for one in handles if _stands_alone(one, traces.names)]
    names = [one for name in _longest_first(traces.names) for one in _ways_to_write(name)]
    patterns = [rf"<[@#][!&]?(?:{'|'.join(re.escape(id) for id in sorted(traces.ids))})>"] if traces.ids else []
    if parts := [*(rf"(?<![^\W_]){one}(?![^\W_])" for one in ids), *(rf"(?<=/)@?{one}(?![\w-])" for one in escaped)]:
        patterns.append(rf"(?:https?://|{_HOST}){_IN_ADDRESS}*?(?:{'|'.join(parts)}){_REST_OF_ADDRESS}")
    patterns += [rf"(?<![\w@])@(?:{'|'.join(one)})(?![\w])" for one in (escaped, names) if one]
    if bare or ids:
        patterns.append(rf"(?<!\w)(?:{'|'.join([*bare, *ids])})(?!\w)")
    return [re.compile(one, re.IGNORECASE) for one in patterns]


def named(traces: Traces, others: Iterable[str], texts: Iterable[str] = ()) -> re.Pattern[str] | None:
    """The person's names where others write them out: several words in any case, one word as the person writes it.

    Also mentions by a handle that somebody else has or had, too. `texts` are what others said: in it stands what is a
    hashtag, and so no person, and what is an ordinary word.
    """
    heard = plain("\n".join(texts))
    ordinary = _used_as_words(heard, traces.names) | {part.casefold() for name in others for part in _parts(name)}
    hashtags = {tag.casefold() for tag in _HASHTAG.findall(heard)}
    found = [f"(?i:@{re.escape(plain(one))})" for one in sorted(traces.shared, key=len, reverse=True)]
    spelled = [one for one in sorted(traces.spelled) if one.isalpha() and _INSIDE.search(one) and len(one) >= CERTAIN]
    found += [rf"(?<!#){re.escape(one)}" for one in spelled if one.casefold() not in hashtags]
    for name in _longest_first(traces.names):
        found += [f"(?i:{one})" for one in _ways_to_write(name) if len(plain(name).split()) > 1]
        found += [f"(?i:{_written(parts)})" for parts in _without_addition(name, heard)]
        doubles = _DOUBLE.findall(plain(name))
        found += [f"(?i:{_HYPHEN.join(map(re.escape, _PART.findall(one)))})" for one in doubles]
        found += [re.escape(one) for one in _parts(name) if _is_name(one) and one.casefold() not in ordinary]
    unspaced = [
        re.escape(one) for name in _longest_first(traces.names) for one in _parts(name) if _UNSPACED.fullmatch(one)
    ]
    apart = [rf"(?<!\w)(?:{'|'.join(dict.fromkeys(found))})(?!\w)"] if found else []
    return re.compile("|".join([*apart, *unspaced])) if apart or unspaced else None


def _used_as_words(heard: str, names: Iterable[str]) -> set[str]:
    """The parts of these names that others write in lower case more often than as the person does."""
    parts = {one for name in names for one in _parts(name) if _is_name(one)}
    if not parts:
        return set()
    either = "|".join(map(re.escape, sorted(parts | {one.lower() for one in parts})))
    counts = Counter(re.findall(rf"(?<!\w)(?:{either})(?!\w)", heard))
    return {one.casefold() for one in parts if counts[one.lower()] > counts[one]}


def _is_name(part: str) -> bool:
    """Whether one part of a name, written as the person does, is no ordinary word."""
    return len(part) >= _SHORTEST_NAME and not part.islower() and part.casefold() not in _ORDINARY


def _stands_alone(handle: str, names: Iterable[str]) -> bool:
    """Whether a handle means the person without the @ as well."""
    if len(handle) < CERTAIN or handle in _ORDINARY:
        return False
    return not handle.isalpha() or any(handle in _made_of(_parts(name)) for name in names)


def _made_of(parts: list[str]) -> Iterator[str]:
    """Handles that are made of two parts of a name: both in either order, or one with the other's initial."""
    lower = [one.casefold() for one in parts]
    for first in lower:
        for second in lower:
            if first is not second and max(len(first), len(second)) >= _SHORTEST_NAME:
                yield from (first + second, first[0] + second, first + second[0])
    yield "".join(lower)


def _ways_to_write(name: str) -> list[str]:
    """Patterns for a whole name: as it is, and its parts whatever stands between them."""
    as_it_is = r"\s+".join(map(re.escape, plain(name).split()))
    return [one for one in (as_it_is, _written(_parts(name))) if one]


def _without_addition(name: str, heard: str) -> Iterator[list[str]]:
    """The parts of what stands before an addition, as in "Kate Brown (she/her)", unless others use it as words."""
    first = _ADDITION.split(plain(name), maxsplit=1)[0]
    parts, lower = _parts(first), " ".join(first.lower().split())
    if len(parts) > 1 and heard.count(lower) <= len(re.findall(_written(parts), heard)):
        yield parts


def _parts(name: str) -> list[str]:
    return _PART.findall(plain(name))


def _written(parts: Iterable[str]) -> str:
    return _BETWEEN.join(map(re.escape, parts))


def _longest_first(found: Iterable[str]) -> list[str]:
    return sorted({one for one in found if one}, key=lambda one: (-len(one), one))
