"""The guard's cheap looks: what a rule finds without one, it finds with it, too.

The texts are the labelled ones, each as it is and with something odd in the middle, which is the same in every run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.guard import labelled
from bot.moderation.guard import (
    addresses,
    check,
    emails,
    identifiers,
    initials,
    normalized_text,
    number_words,
    phones,
    postcodes,
    stories,
)
from bot.moderation.guard.check import RULES
from bot.moderation.guard.coarser_patterns import in_ascii
from bot.moderation.guard.first_look import NEEDS, PARTS, FirstLook, FirstLooks
from bot.moderation.guard.normalized_text import GuardReason, NormalizedText, Sign, normalize, without_overlaps
from bot.moderation.guard.story_words import words
from bot.moderation.guard.story_worth import said_in

ODD = [
    *("999 323 7418", "O0O12 3456", "07700 9OO 123", "1__2__3__4__5__6__7__8", "12/ab/345", "AB1 2CD", "h12 x4e5"),
    *("K1A 0B1", "\u212a1A 0B1", "abc12de", "ABC 1234", "a.b.c.1.2.3.4", "1EG4-TE5-MK73", "mbi 1eg4te5mk73"),
    *("nhi abc 12 3 4", "SX 12 34 56 D", "his no. 12/abc/345", "rio 12345", "dva nx 123456", "mrn 4711", "2020"),
    *("kate dot hill at example dot org", "kate (at) example.org", "kate@example . org", "kate -a- example [.] org"),
    *("14 elm road", "flat 2, 7 old mill lane", "K.L. in Penicuik", "JB, Leeds", "seventy two year old", "ward six"),
    *("bed o", "oh seven double seven three", "nineteen fifty one", "\u0661\u0662\u0663\u0664", "a\u200b1"),
]


@cache
def texts() -> list[NormalizedText]:
    """The texts as the rules read them."""
    dice = random.Random(11)  # noqa: S311 -- no secret
    whole = [row.text for row in labelled()]
    spots = ((text, dice.randrange(len(text) + 1)) for text in whole)
    spliced = [f"{text[:spot]} {dice.choice(ODD)} {text[spot:]}" for text, spot in spots]
    return [normalize(text) for text in (*whole, *spliced)]


def is_seen(cheap: re.Pattern[str]) -> Callable[[NormalizedText], bool]:
    return lambda normalized: (
        cheap.search(normalized.text) is not None or cheap.search(normalized.lowercase) is not None
    )


LOOKS: list[tuple[str, list[re.Pattern[str]], Callable[[NormalizedText], bool]]] = [
    (
        "postcodes",
        [postcodes._UK, postcodes._EIRCODE, postcodes._CANADIAN],
        is_seen(postcodes._CHEAP),
    ),
    ("addresses with @ or at", [emails._SPELT], is_seen(emails._CHEAP_AT)),
    ("addresses with a full stop", [emails._SPELT], is_seen(emails._CHEAP_DOT)),
    ("streets in small letters", [addresses._SMALL], is_seen(addresses._CHEAP_SMALL)),
    ("initials", [initials._PLACED], is_seen(initials._CHEAP_INITIALS)),
    ("short forms", [form for _, form, _ in identifiers._FORMS_OF_FEW_DIGITS], is_seen(identifiers._CHEAP_FEW)),
    ("tens in words", [number_words._TWO], lambda normalized: "ty" in normalized.lowercase),
    (
        "small numbers in words",
        [number_words._SMALL],
        lambda normalized: number_words._may_have_small(normalized.lowercase),
    ),
]


@pytest.mark.parametrize(("patterns", "is_worth_it"), [one[1:] for one in LOOKS], ids=[one[0] for one in LOOKS])
def test_a_cheap_look_passes_nothing_over(
    patterns: list[re.Pattern[str]], is_worth_it: Callable[[NormalizedText], bool]
) -> None:
    passed_over = [one for one in texts() if not is_worth_it(one)]
    assert passed_over
    # counts alone, because nobody should read the test half
    assert sum(_has(one, patterns) for one in passed_over) == 0


def test_a_number_in_disguise_and_a_link_are_passed_over_nowhere() -> None:
    dice = random.Random(13)  # noqa: S311 -- no secret
    marks = [*"0123456789OoIlSB. -/", "www.", "://", "10.1000/", ".org/", "\u212a", " "]
    made = ["".join(dice.choices(marks, k=dice.randrange(6, 24))) for _ in range(20_000)]
    disguised = [text for text in made if _unmasked(text) != text]
    linked = [text for text in made if normalized_text._LINK.search(text)]
    assert min(len(disguised), len(linked)) > 100
    assert [text for text in disguised if not normalized_text._MAY_BE_FIGURES.search(text)] == []
    assert [text for text in linked if not normalized_text._MAY_BE_LINK.search(text)] == []


def _unmasked(text: str) -> str:
    zeros = normalized_text._ZEROS.sub(normalized_text._zeros, text)
    return normalized_text._LOOK_ALIKES.sub(normalized_text._figures, zeros)


def test_a_number_in_words_is_passed_over_nowhere() -> None:
    dice = random.Random(17)  # noqa: S311 -- no secret
    words = [
        "oh",
        "seven",
        "double",
        "nineteen",
        "fifty",
        "one",
        "k",
        "o",
        "tango",
        "07",
        "123456",
        "is",
        "dob",
        "it's",
    ]
    gaps = [" ", " ", " ", "-", ", ", ". ", " dash ", " and then ", "\n", ""]
    made = ["".join(dice.choice(words) + dice.choice(gaps) for _ in range(dice.randrange(2, 9))) for _ in range(20_000)]
    dictated = [text for text in made if any(map(number_words._dictated, number_words._RUN.finditer(text)))]
    assert len(dictated) > 1000
    assert [text for text in dictated if not number_words._LONG_ENOUGH.search(text)] == []


def test_every_rule_says_what_it_needs() -> None:
    assert [rule.__name__ for rule in RULES if rule not in NEEDS and rule not in PARTS] == []


def test_a_first_look_passes_nothing_over() -> None:
    tried = dict(check._LOOKS.tried(texts()))
    assert sum(map(len, tried.values())) < len(texts()) * 4, "it spares most of the work"
    passed_over = [
        rule.__name__
        for rule in RULES
        for one in set(range(len(texts()))).difference(tried.get(rule, ()))
        if any(True for _ in rule(texts()[one]))
    ]
    assert passed_over == []


def test_in_each_of_several_texts_that_are_looked_at_together_the_same_is_found_as_alone() -> None:
    some = texts()[::5]
    together = [(rule, place) for rule, places in check._LOOKS.tried(some) for place in places]
    alone = {(rule, place) for place, one in enumerate(some) for rule, _ in check._LOOKS.tried([one])}
    assert len(together) == len(alone) > len(some) / 4
    assert set(together) == alone


def test_a_rule_that_says_nothing_is_always_tried() -> None:
    def anything(normalized: NormalizedText) -> Iterator[Sign]:
        yield Sign("link", 0, len(normalized.text))

    assert FirstLooks([anything]).tried([normalize("Hello")]) == [(anything, [0])]


def in_full(text: str) -> tuple[GuardReason, ...]:
    """The guard's reasons when each rule reads the text, and each word of a story is weighed."""
    normalized = normalize(text)
    signs = [sign for rule in RULES for sign in rule(normalized)] or list(stories.weighed(normalized))
    return tuple(normalized.reason(sign) for sign in without_overlaps(signs))


SCRAPS = st.sampled_from(
    [*ODD, *" .,:;!?-\n\t\u00a0@#/()'", "J.", "K.", "K", "Mr Higgs", "Kate", "Leeds", "in", "near", "my patient", "his"]
    + [word for row in labelled()[::40] for word in row.text.split(" ")]
)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.lists(SCRAPS, max_size=25), st.sampled_from(["", " ", "  ", "\n"]), st.booleans())
def test_the_guard_finds_the_same_as_all_rules_in_full(scraps: list[str], between: str, shouted: bool) -> None:  # noqa: FBT001
    text = between.join(scraps)
    text = text.upper() if shouted else text
    assert check.check_text(text).reasons == in_full(text)


def test_texts_get_the_same_verdicts_together_as_one_by_one() -> None:
    some = [*(row.text for row in labelled()[::7]), *ODD, *(odd.upper() for odd in ODD), ""]
    assert check.check_texts(some) == [check.check_text(text) for text in some]
    assert check.check_texts([]) == []


def test_the_words_of_a_message_are_read_the_same_piece_by_piece() -> None:
    otherwise = [one.text for one in texts() if stories.SCALES.reads(one.text) != read_at_once(one.text)]
    assert len(otherwise) == 0


def read_at_once(text: str) -> list[str]:
    return [word.read for word in words(text, stories.WEIGHTS)]


def test_no_message_is_worth_more_than_it_may_be_at_most() -> None:
    told = [one for one in texts() if stories.SCALES.reads(one.text)]
    reads = [(stories.SCALES.reads(one.text), said_in(one)) for one in told]
    assert sum(stories.SCALES.at_most(one) < stories.SCALES.hundredths(one, said) for one, said in reads) == 0
    assert sum(stories.SCALES.roughly_at_most(one) < stories.SCALES.at_most(one) for one, _ in reads) == 0
    assert sum(said != set() for _, said in reads) > 1000


def test_a_quick_look_at_a_story_weighs_as_the_full_one() -> None:
    told = [one for one in texts() if list(stories.told_stories(one)) != list(stories.weighed(one))]
    assert len(told) == 0
    assert sum(any(True for _ in stories.weighed(one)) for one in texts()) > 1000


@pytest.mark.parametrize(
    "pattern",
    [
        r"a(?=b)[^c]",
        r"(?<!x)\d{3,}-\1"[:-2],
        r"(a|bc)[ -]?\1",
        r"(?:é|[à-ü£x])y",
        r"\bJ\.\s?K\b",
        r"(?:(?<=a )|(?<=x))b|1(?=23| -)",
        r"(?<![\w#-])(?:b|bc)(?!\w)",
        r"(?<!x)(?<!-)a(?![.\d])(?![^\W_])",
        r"(?:(?<![^\W_])b|(?<!é)c)(?![^\W_])",
    ],
)
def test_a_coarser_pattern_finds_whatever_the_pattern_finds(pattern: str) -> None:
    dice = random.Random(12)  # noqa: S311 -- no secret
    look = FirstLook(re.compile(pattern))
    scraps = ["a", "b", "bc", "x", "1", "23", "-", " ", "é", "ü", "£", "y", "J.", "J. K", ".", "123", "²", "Ⓐ", "…"]
    made = ["".join(dice.choices(scraps, k=dice.randint(1, 6))) for _ in range(4000)]
    found = [text for text in made if re.search(pattern, text)]
    assert found
    plain = [in_ascii(text) for text in found]
    assert [one for one in plain if one is not None and not look.may_find(one)] == []


def test_a_first_look_knows_what_must_not_stand_beside_a_word() -> None:
    word = re.compile(r"(?<![\w@])her(?![\w'])")
    said = {text: bool(FirstLook(word).may_find(text)) for text in (b"for her", b"there", b"@her", b"hers", b"her's")}
    assert said == {b"for her": True, b"there": False, b"@her": False, b"hers": False, b"her's": False}
    assert FirstLook(word, cut=True).may_find(b"hers"), "a part of the text may end there"
    assert not FirstLook(word, cut=True).may_find(b"there")


def _has(normalized: NormalizedText, patterns: list[re.Pattern[str]]) -> bool:
    return any(pattern.search(text) for pattern in patterns for text in (normalized.text, normalized.lowercase))


def test_numbers_in_words_are_read_wherever_there_are_enough_words() -> None:
    few = [one.lowercase for one in texts() if not number_words._may_be_dictated(one.lowercase)]
    read = [number_words._dictated(run) for text in few for run in number_words._RUN.finditer(text)]
    assert read
    assert not any(read)


@given(st.sampled_from(["0800", "0808", "0 8-0_0", "(0808)"]), st.text("0123456789 -", min_size=5, max_size=9))
def test_numbers_that_are_passed_over_as_free_are_nobodys_by_the_library(begin: str, rest: str) -> None:
    assert phones._FREE.match(begin)
    assert phones._length(begin + rest, ("GB", "IE", "AU", "NZ", "ZA")) == 0
