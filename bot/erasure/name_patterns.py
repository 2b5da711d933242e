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
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from itertools import pairwise

import re2

from bot.erasure.chosen_names import ChosenNames, Meant, as_a_name
from bot.erasure.traces import CERTAIN, Traces
from bot.readable.common_words import ALSO_NAMES, COMMON, is_wording
from bot.readable.name_forms import PART, among_letters, parts_of, spellings, without_addition
from bot.readable.plain_text import plain

_SHORTEST_NAME = 3

_AT_ONCE = 1000
"""Ids and handles that are looked for in one pass: with more, the library runs out of the memory that it may take."""

_DOUBLE = re.compile(r"[^\W_]+(?:[-'\u2010\u2011\u2013][^\W_]+)+")
"""A double name, or one as in "O'Brien"."""

_NAME_SIGN = re.compile(r"[-'\u2010\u2011\u2013]")
"""What ties the halves of a double name, and may be left out."""

_HASHTAG = re.compile(r"#(\w+)")
_INSIDE = re.compile(r"[a-z][A-Z]")
"""A capital inside of a word."""

_HYPHEN = r"[-'\u2010\u2011\u2013]"
_BETWEEN = r"[^\w\"\\.,;:!?()\[\]{}<>@#/&+]{1,12}"
"""Between two parts of a name: spaces, a hyphen, an emoji; nothing that ends a phrase, or a text in JSON."""

_CODED = re.compile(r"[a-z]{2,3}\d{1,2}")
_USUAL_CODES = frozenset({"mp3", "mp4", "web2", "web3", "usb2", "usb3", "ps4", "ps5", "icd10", "icd11", "dsm4", "dsm5"})
_IN_MARKS = re.compile(r"_\w{5,}_").fullmatch
"""A handle that is written as what is in italics, if nobody puts an @ before it."""

_MENTION = r"(?<![\w@])@"

_HOST = r"(?<![\w@./-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?::\d{1,5})?/"
_IN_ADDRESS = r"[^\s<>\"\\]"
_REST_OF_ADDRESS = r"[^\s<>\"\\)\]\u00ab\u00bb\u2018-\u201f\u2039\u203a]*(?<=[\w/=&#%+~$-])"
"""What follows in an address: not the bracket, the quotation mark or the full stop behind it."""


def handles_of(traces: Traces) -> list[str]:
    """The handles as they are compared, the longest first."""
    return _longest_first(plain(f"@{one}").lstrip("@").casefold() for one in traces.handles)


def hint(traces: Traces) -> Callable[[str], object]:
    """Whether a plain, casefolded text may have something certain: looked at before the exact patterns."""
    found = [one.casefold() for one in traces.certain_ids] + handles_of(traces)
    found += [
        f"@{one.casefold()}" for name in given_names(traces) for one in (*parts_of(name)[:1], *plain(name).split()[:1])
    ]
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
    alone = [one for one in handles if _stands_alone(one, traces.names)]
    bare = [re.escape(one) for one in alone]
    bare += [f"(?<!@){re.escape(one.strip('_'))}" for one in alone if _IN_MARKS(one)]
    called = [way for name in _longest_first(given_names(traces)) for way in spellings(name)]
    names = [one for way in called for one in _ways_to_write(way)]
    patterns = [rf"<[@#][!&]?(?:{'|'.join(re.escape(id) for id in sorted(traces.ids))})>"] if traces.ids else []
    if parts := [*(rf"(?<![^\W_]){one}(?![^\W_])" for one in ids), *(rf"(?<=/)@?{one}(?![\w-])" for one in escaped)]:
        patterns.append(rf"(?:https?://|{_HOST}){_IN_ADDRESS}*?(?:{'|'.join(parts)}){_REST_OF_ADDRESS}")
    patterns += [f"{_MENTION}(?:{'|'.join(one)})(?!\\w)" for one in (escaped, names) if one]
    if bare or ids:
        patterns.append(rf"(?<!\w)(?:{'|'.join([*bare, *ids])})(?!\w)")
    return [re.compile(one, re.IGNORECASE) for one in patterns]


def given_names(traces: Traces) -> frozenset[str]:
    """The names that go with a handle: a platform ties both to one account."""
    if traces.chosen_since is not None:
        return frozenset()
    return frozenset(one for one in traces.names if not is_wording(one))


def named(
    traces: Traces, others: Iterable[str], said: Iterable[tuple[datetime, str]] = (), *, replied: bool = False
) -> re.Pattern[str] | None:
    """The person's names where others write them out: several words in any case, one word as the person writes it.

    Also mentions by a handle that somebody else has or had, too. `said` is what others said, and when: in it stands
    what is a hashtag, and so no person, and what is an ordinary word. `replied`: somebody replied to them.
    """
    others, said = list(others), list(said)
    heard = plain("\n".join(text for _, text in said))
    ordinary = _used_as_words(heard, traces.names) | {part.casefold() for name in others for part in parts_of(name)}
    hashtags = {tag.casefold() for tag in _HASHTAG.findall(heard)}
    found = [f"(?i:@{re.escape(plain(one))})" for one in sorted(traces.shared, key=len, reverse=True)]
    spelled = [one for one in sorted(traces.spelled) if one.isalpha() and _INSIDE.search(one) and len(one) >= CERTAIN]
    found += [rf"(?<!#){re.escape(one)}" for one in spelled if one.casefold() not in hashtags]
    chosen = None
    if (since := traces.chosen_since) is not None:
        chosen = ChosenNames(since, said, others=others, replied=replied)
    unspaced: list[str] = []
    for name in _longest_first(traces.names if chosen is None else map(as_a_name, traces.names)):
        meant = Meant(any_case=True, alone=frozenset(parts_of(name))) if chosen is None else chosen.meant(name)
        if is_wording(name):
            continue
        ways = [one for way in spellings(name) for one in _ways_to_write(way)]
        if meant.mention:
            found += [f"(?i:@{one})" for one in ways]
        if not (meant.any_case or meant.with_capitals):
            continue
        case = "i" if meant.any_case else ""
        found += [f"(?{case}:{one})" for one in ways if len(plain(name).split()) > 1]
        found += [f"(?{case}:{_written(first)})" for first in _without_addition(name, heard)]
        found += [f"(?{case}:{one})" for two in _DOUBLE.findall(plain(name)) for one in _ways_to_tie(two, ordinary)]
        passed = ordinary | COMMON | {one.casefold() for one in frozenset(parts_of(name)) - meant.alone}
        parts = [part for way in spellings(name) for part in parts_of(way)]
        alone = [one for one in parts if _is_name(one) and one.casefold() not in passed]
        found += [f"@?{re.escape(one)}" for part in alone for one in _in_capitals_too(part)]
        unspaced += [f"@?{one}" for one in among_letters(name)]
    found += [f"(?i:(?<!#){re.escape(one)})" for one in handles_of(traces) if _is_coded(one)]
    apart = [rf"(?<!\w)(?:{'|'.join(dict.fromkeys(found))})(?!\w)"] if found else []
    return re.compile("|".join([*apart, *unspaced])) if apart or unspaced else None


def _used_as_words(heard: str, names: Iterable[str]) -> set[str]:
    """The parts of these names that others write in lower case more often than as the person does."""
    parts = {one for name in names for one in parts_of(name) if _is_name(one)}
    if not parts:
        return set()
    either = "|".join(map(re.escape, sorted(parts | {one.lower() for one in parts})))
    counts = Counter(re.findall(rf"(?<!\w)(?:{either})(?!\w)", heard))
    return {one.casefold() for one in parts if counts[one.lower()] > counts[one]}


def _is_name(part: str) -> bool:
    """Whether one part of a name, written as the person does, is no ordinary word."""
    return len(part) >= _SHORTEST_NAME and not part.islower() and part.casefold() not in ALSO_NAMES


def _stands_alone(handle: str, names: Iterable[str]) -> bool:
    """Whether a handle means the person without the @ as well."""
    if len(handle) < CERTAIN or handle in ALSO_NAMES:
        return False
    return not handle.isalpha() or any(handle in _made_of(parts_of(name)) for name in names)


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
    return [one for one in (as_it_is, _written(plain(name))) if one]


def _ways_to_tie(double: str, ordinary: Container[str]) -> Iterator[str]:
    """A double name with any sign, and without one unless that is somebody's word."""
    halves = list(map(re.escape, PART.findall(double)))
    yield _HYPHEN.join(halves)
    if len(joined := "".join(halves)) >= CERTAIN and joined.casefold() not in ordinary:
        yield f"(?:{_HYPHEN}|\\s)?".join(halves)


def _in_capitals_too(part: str) -> list[str]:
    return [part, part.upper()] if len(part) > _SHORTEST_NAME else [part]


def _is_coded(handle: str) -> bool:
    """Whether a short handle is letters and then digits, as "mj77", and no usual abbreviation."""
    return _CODED.fullmatch(handle) is not None and handle not in _USUAL_CODES


def _without_addition(name: str, heard: str) -> Iterator[str]:
    """What stands before an addition, as in "Kate Brown (she/her)", unless others use it as words."""
    first = without_addition(name)
    lower = " ".join(first.lower().split())
    if len(parts_of(first)) > 1 and heard.count(lower) <= len(re.findall(_written(first), heard)):
        yield first


def _written(plain_name: str) -> str:
    """The parts of a name whatever stands between them; nothing has to where a sign ties them."""
    parts = list(PART.finditer(plain_name))
    pattern = re.escape(parts[0][0]) if parts else ""
    for one, other in pairwise(parts):
        tied = _NAME_SIGN.fullmatch(plain_name, one.end(), other.start())
        pattern += (f"(?:{_BETWEEN})?" if tied else _BETWEEN) + re.escape(other[0])
    return pattern


def _longest_first(found: Iterable[str]) -> list[str]:
    return sorted({one for one in found if one}, key=lambda one: (-len(one), one))
