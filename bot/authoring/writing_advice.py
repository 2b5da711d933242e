"""Advice on wording and access: what experienced hosts, and people with a screen reader, would say of a chat. Pure.

Nothing here stops a chat. Each piece of advice has a name, by which a chat or its series can switch it off (`ignore`);
`docs/chat-file.md` says more about each under that name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import regex

from bot.authoring.holiday import holiday
from bot.chat import Chat, Question
from bot.errors import Advice
from bot.local_dates import spoken_date
from bot.toml.duration import format_duration
from bot.translation import LazyText, lazy

MOST_WORDS = 25
"""Words in a question that people read at a glance."""

MOST_HASHTAGS = 2
"""Hashtags in a post, the chat's included."""

LEAST_TIME = timedelta(minutes=5)
"""From a question to the next, and from the last one to the end: time to read, think and write."""

READING_GRADE = 16
"""Years of school after which a text is easy to read, by the Automated Readability Index. One sentence varies a lot."""

DOCS = "docs/chat-file.md#advice"

_ENGLISH_ONLY = frozenset({"reading", "patients"})
"""Advice that knows English words or sentences only."""

_TAG = regex.compile(r"(?<![\w&/])#\w+")
_OF_A_CHAT = regex.compile(r"(?i)..(?:chat|talk|hour|club|week)$")
_LINK = regex.compile(r"https?://\S+")
_WORD = regex.compile(r"\w[\w'\u2019-]*")
_LETTER = regex.compile(r"\w")
_SENTENCE_END = regex.compile(r"[.!?]+(?:\s|$)")
_SHORTENER = regex.compile(
    r"(?i)\b(?:https?://)?(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|buff\.ly|is\.gd|lnkd\.in|rb\.gy|cutt\.ly|dlvr\.it"
    r"|tiny\.cc|rebrand\.ly|shorturl\.at)/\S+"
)
_EMOJI_BULLET = regex.compile(r"(?m)^\s*(?:\p{Extended_Pictographic}\ufe0f?\s*)+\S")
_SHOUTED = regex.compile(r"(?:\b\p{Lu}{2,}\b[\s,!?.]*){3,}")
_PARTS = regex.compile(r"\((?:[a-h]|i{1,3})\)\s[^(]*")
_FURTHER = regex.compile(
    r"""(?xi)\b(?:and|or)\s+(?:(?:for|with|to|by|from|about|on|in|at)\s+)?(?:who(?:m|se)?|what|when|where|why|how|which)\b
      | [,;]\s+(?:who(?:m|se)?|what|when|where|why|how|which)\s+(?!(?:and|or)\b)\w+\s+\w+
      | \b(?:und|oder|sowie)\s+(?:(?:für|mit|von|bei|zu|an|auf)\s+)?
        (?:we[rmn]|wessen|was|wann|wo\w{0,3}|warum|weshalb|wieso|wie|welche[mnrs]?)\b"""
)
"""What begins another question in the same sentence. One such, as "and why?", is answered along; two are not."""
_PATIENT = (
    r"(?:patients?|clients?|service[ -]users?|residents?|cases?|child(?:ren)?|famil(?:y|ies)|someone|somebody|persons?)"
)
_ASKS_FOR_A_PATIENT = regex.compile(
    rf"""(?xi)\b(?:describe|tell\s+(?:us|me)\s+(?:about|of)|share|think\s+of|talk\s+about|introduce|present
      | give\s+(?:us\s+)?an?\s+example\s+of)\s+
    (?:\w+\s+){{0,3}}?(?:an?|one|your|the|a\s+recent)\s+(?:\w+\s+){{0,2}}?{_PATIENT}\b
    | \b(?:patient|case)\s+(?:story|stories|history|histories|example)\b"""
)
_BARE_ALT = regex.compile(
    r"(?i)^\W*(?:an?\s+|the\s+)?(?:image|picture|photo(?:graph)?|graphic|screenshot|diagram|chart|logo|img[_\d-]*|\S+\.(?:png|jpe?g|gif|webp))\W*\d*$"
)
_SHORTEST_ALT, _LONGEST_TAG, _FEWEST_WORDS = 12, 12, 12

Found = Iterator[tuple[str, LazyText]]
"""The slot whose text is meant, and the advice."""


def advice(
    chat: Chat,
    positions: Mapping[str, tuple[str, int, int]],
    ignored: Collection[str] = (),
    *,
    others: Sequence[Chat] = (),
    reading: int = READING_GRADE,
) -> Iterator[Advice]:
    """Advice on a chat, but for that whose name is `ignored`. `positions` has each text's place by its slot's key.

    `others` are chats of any series, `reading` is the grade above which a question is hard to read.
    """
    rules: dict[str, Callable[[Chat], Found]] = dict(RULES)
    rules["reading"] = _each(lambda question: _reading(question, reading))
    rules["clash"] = lambda one: _clash(one, others)
    foreign = _ENGLISH_ONLY if chat.language not in {"", "en"} else frozenset[str]()
    for name, rule in rules.items():
        if name in ignored or name in foreign:
            continue
        for key, message in rule(chat):
            file, line, column = positions.get(key) or next(iter(positions.values()))
            text = message + f" [{name}]"
            yield Advice(file=file, line=line, column=column, severity="advice", message=text, code=name, docs=DOCS)


def _each(check: Callable[[Question], LazyText | None]) -> Callable[[Chat], Found]:
    """A rule that looks at one question at a time."""
    return lambda chat: ((one.key, message) for one in chat.questions if (message := check(one)))


def _hashtag_case(chat: Chat) -> Found:
    tags = [("hashtag", chat.hashtag), *((one.key, tag) for one in chat.questions for tag in _TAG.findall(one.text))]
    for key, tag in tags:
        if (key == "hashtag" or tag.casefold() != chat.hashtag.casefold()) and _is_one_case(tag.lstrip("#")):
            message = lazy(
                "{tag} is read as one word by screen readers; begin each word in it with a capital, as in "
                "#OccupationalTherapyTalk.",
                tag=tag,
            )
            yield key, message


def _is_one_case(word: str) -> bool:
    """Whether a hashtag has several words, as far as its length or its end tells, and no capital for each."""
    several = len(word) >= _LONGEST_TAG or _OF_A_CHAT.search(word)
    return bool(several) and word.isascii() and (word.islower() or word.isupper())


def _hashtag_place(question: Question) -> LazyText | None:
    words = question.text.split()
    inside = [word for at, word in enumerate(words) if _TAG.match(word) and not all(map(_TAG.match, words[at:]))]
    if not inside:
        return None
    return lazy("{tag} stands inside the sentence; put hashtags at the end, where they don't interrupt.", tag=inside[0])


def _hashtags(chat: Chat) -> Found:
    for one in chat.questions:
        tags = {tag.casefold() for tag in [*_TAG.findall(one.text), *filter(None, [chat.hashtag])]}
        if len(tags) > MOST_HASHTAGS:
            message = lazy(
                "it is posted with {count} hashtags; two are enough, and more are tiring to hear read out.",
                count=len(tags),
            )
            yield one.key, message


def _emoji(question: Question) -> LazyText | None:
    if _EMOJI_BULLET.search(question.text):
        return lazy("an emoji stands for a bullet, and screen readers read its name each time; use words or numbers.")
    return None


def _shouting(question: Question) -> LazyText | None:
    if found := _SHOUTED.search(question.text):
        return lazy(
            "'{words}' is in capitals, which is harder to read and feels like shouting.", words=found[0].strip()
        )
    return None


def _short_link(chat: Chat) -> Found:
    texts = {one.key: one.text for one in chat.questions} | {"welcome": chat.welcome, "closing": chat.closing}
    for key, text in texts.items():
        if found := _SHORTENER.search(text):
            message = lazy(
                "{link} hides where it leads, and hospital networks block it; write the whole address.", link=found[0]
            )
            yield key, message


def _alt_text(question: Question) -> LazyText | None:
    alt = question.image.alt.strip() if question.image else ""
    if question.image and (_BARE_ALT.match(alt) or len(alt) < _SHORTEST_ALT):
        return lazy("'alt' is '{alt}'; say what the picture shows, as to somebody on the phone.", alt=alt)
    return None


def _two_questions(question: Question) -> LazyText | None:
    whole = _PARTS.sub("", _LINK.sub("", question.text))
    if whole.count("?") > 1 or len(_FURTHER.findall(whole)) > 1:
        return lazy(
            "it asks more than one thing, and people will answer one of them; make it two questions, or leave one out."
        )
    return None


def _long(question: Question) -> LazyText | None:
    words = len(_words(question.text))
    if words <= MOST_WORDS:
        return None
    return lazy("it has {words} words; up to {most} are read at a glance.", words=words, most=MOST_WORDS)


def _reading(question: Question, most: int = READING_GRADE) -> LazyText | None:
    if len(_words(question.text)) < _FEWEST_WORDS:
        return None
    if reading_grade(question.text) > most:
        return lazy("it is hard to read (long words, long sentences); say it as you would to a new colleague.")
    return None


def _patients(question: Question) -> LazyText | None:
    if _ASKS_FOR_A_PATIENT.search(question.text):
        return lazy(
            "it invites people to describe a patient, in public; ask what they do instead, as in "
            '"What helps when …? Please describe no one who could be recognised."'
        )
    return None


def _many(chat: Chat) -> Found:
    for before, after in zip(chat.questions, chat.questions[1:], strict=False):
        if after.at - before.at < LEAST_TIME:
            gap = format_duration(after.at - before.at)
            message = lazy("only {gap} until the next question; leave one out, or make the chat longer.", gap=gap)
            yield before.key, message
            return


def _ending(chat: Chat) -> Found:
    last = chat.questions[-1]
    if chat.ends - last.at < LEAST_TIME:
        gap = format_duration(chat.ends - last.at)
        message = lazy(
            "only {gap} until the closing; ask the last question earlier, so that people can finish.", gap=gap
        )
        yield last.key, message


def _holiday(chat: Chat) -> Found:
    day = chat.starts.astimezone(ZoneInfo(chat.timezone)).date()
    if name := holiday(day, chat.timezone):
        spoken = partial(spoken_date, day, "day")
        yield "starts", lazy("{day} is a holiday there ({name}); will people come?", day=spoken, name=name)


def _clash(chat: Chat, others: Sequence[Chat] = ()) -> Found:
    zone, series = ZoneInfo(chat.timezone), chat.name.partition("/")[0]
    day = chat.starts.astimezone(zone).date()
    for other in others:
        same = other.name.startswith(f"{series}/") and other.file != chat.file
        apart = other.ends <= chat.starts or chat.ends <= other.starts  # a chat at the same time is told in any case
        if same and apart and other.starts.astimezone(zone).date() == day:
            message = lazy("{chat} of the same series is on the same day; is the date right?", chat=other.name)
            yield "starts", message
            return


RULES: Mapping[str, Callable[[Chat], Found]] = {
    "hashtag-case": _hashtag_case,
    "hashtag-place": _each(_hashtag_place),
    "hashtags": _hashtags,
    "emoji": _each(_emoji),
    "shouting": _each(_shouting),
    "short-link": _short_link,
    "alt-text": _each(_alt_text),
    "two-questions": _each(_two_questions),
    "long": _each(_long),
    "reading": _each(_reading),
    "patients": _each(_patients),
    "many": _many,
    "ending": _ending,
    "holiday": _holiday,
    "clash": _clash,
}
"""All advice, by name."""


def reading_grade(text: str) -> float:
    """The Automated Readability Index of a text: years of school. For English and scripts with letters.

    4.71 characters a word + 0.5 words a sentence - 21.43 (Senter and Smith, 1967). The library textstat would fetch a
    word list from the network when it is used.
    """
    words = _words(text)
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    letters = sum(len(_LETTER.findall(word)) for word in words)
    return 4.71 * letters / max(1, len(words)) + 0.5 * len(words) / sentences - 21.43


def _words(text: str) -> list[str]:
    return _WORD.findall(_TAG.sub(" ", _LINK.sub(" ", text)))
