"""Finds the title and the hashtag of the chat in an announcement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from bot.authoring.announcement.date_forms import without_dates
from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.hashtags import composed, is_one_word
from bot.messages import Value
from bot.translation import lazy

_TAG = regex.compile(r"(?<![\w&/])[#\uff03][\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]+")
_THIS = r"(?:(?:this\s+(?:week|month)|tonight|today)['\u2019]?s?\s+)"
_LABEL = regex.compile(
    rf"""(?xi)^\W*(?:{_THIS}?(?:chat\s+|discussion\s+)?(?:title|topic|theme|subject|thema)
      | {_THIS}(?:tweet)?(?:chat|discussion|book))
    \s*[:\u2013\u2014-]\s*(?P<title>.+)$ | ^\W*what\s*\?[\s*_]+(?P<title>[^?]+)$"""
)
_QUOTED = regex.compile(
    r"""(?xi)\b(?:topic|theme|title|subject|chat|join\s+us|discuss(?:ing)?|talk(?:ing)?\s+about|(?:en)?titled)\b
    [^\u201c".]{0,30}[\u201c"](?P<title>[^\u201d"]{5,150})[\u201d"]"""
)
_JOIN_US = regex.compile(
    r"""(?xi)^\W*(?:please\s+|do\s+)?join\s+us\b.{0,60}?\b(?:for|to\s+(?:discuss|explore|(?:talk|chat)\s+about))\s+
    (?P<title>[^.!]{5,150}?)(?=[.!]|$|,?\s+(?:with|hosted|led)\b|,?\s+(?:on|at)\s+(?:the\s+)?(?:\d|mon|tue|wed|thu|fri|sat|sun))"""
)
_AFTER_A_QUOTE = regex.compile(r"(?i)^\W*(?:$|(?:on|at|with|hosted|led)\b)")
_ZONE = r"(?:UK|GMT|BST|UTC|[ECMP][SD]?T|AE[SD]T|CES?T|IST|NZ[SD]T)"
_HOUR = r"\d{1,2}(?:[:.]\d\d)?"
_TIME = regex.compile(
    rf"""(?xi)(?:\b(?:at|from)\s+)?\b(?:
        {_HOUR}\s?(?:[ap]\.?m\.?)?(?:\s?(?:-|\u2013|to)\s?{_HOUR})?\s?(?:[ap]\.?m\.?|hrs?\b|h\b)
      | \d{{1,2}}[:.]\d\d(?:\s?(?:-|\u2013|to)\s?\d{{1,2}}[:.]\d\d)?
    )(?:\s+\(?{_ZONE}\)?(?:\s+time)?\b)?"""
)
_SIGNS = " \t-\u2013\u2014:|,;\u2022\u00b7~/\u2015*_"
_SAYS_NOTHING = regex.compile(
    r"""(?xi)^(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\s*(?:tweet)?(?:chat)?$)
    |^(?:(?:this|next|our|the|a|an|live|(?:week|month|tonight|today|tomorrow|night)s?['\u2019]?s?|tweet|twitter)\s*)*
    (?:chat|announcement|tweetchat|twitter-?chat|einladung(?:\s+zu[mr])?|ank\u00fcndigung|questions?|topic|edition|reminder|save\s+the\s+date|invitation|newsletter
    |you(?:['\u2019]re|\s+are)\s+(?:all\s+)?invited|(?:blog\s+archive|press\s+release)|(?:chat|episode|issue|session)\s*(?:no\.?|\#)?\s*\d+|no\.?\s?\d+|\#?\d+)?[!.,:]*$"""
)
_NO_HEADING = regex.compile(
    r"""(?xi)^\W*(?:hi|hiya|hello|howdy|greetings|g['\u2019]day|kia\s+ora|aloha|dear|hey|good\s+(?:morning|evening)|welcome\s+(?:to|back)|join\s+us|thanks?|posted
    |published|by|from|to|sent|date|when|time|hosts?|hosted|moderation|gastgeber(?:in(?:nen)?)?|leitung|datum|wann|wer|wo|hallo|liebe[rs]?|(?:who|what|where|when)\s*[:?])(?!\w)"""
)
_OF_A_CHAT = regex.compile(
    r"""(?xi)^(?:[\w'\u2019]+\s+){0,5}(?:tweet|twitter[\s-]*|book\s+)?chat\s*(?:\#?\d+)?\s*[,:]+\s*[:\u2013-]?\s* (?=\S)
      | ^(?:our\s+|the\s+)?(?:next\s+)?chat\s+(?:next|this|on)\s+\w+\s*:\s*(?=\S)
      | ^(?:tonight|today|tomorrow|this\s+(?:week|month)|save\s+the\s+date|(?:gentle\s+)?reminder|topic|title
        |announcement|you(?:['\u2019]re|\s+are)\s+(?:all\s+)?invited|join\s+us)\s*[:!\u2013\u2014-]\s*
      | ^(?:next\s+up|up\s+next|coming\s+up)(?:\s+on\s+\#?\w+)?\s*:\s* | ^(?:january|february|march|april|may|june|july
        |august|september|october|november|december)\s*:\s*
      | ^(?:(?:a|an|our|the)\s+)?(?:(?:live|next|monthly|weekly|online|special|evening|lunchtime)\s+){0,2}
        (?:tweet\s?|twitter[\s-]*)?chat\s+(?:on|(?:is\s+)?(?:all\s+)?about)\s+(?=\S)
      | ^(?:(?:einladung|ank\u00fcndigung)\s+)?(?:zu[mr]?\s+)?(?:chat\s+)?(?:am\s*)?:\s+(?=\S)"""
)
"""What is only said to announce a title, as in "March book chat: "."""

_HOSTS_LAST = regex.compile(r"(?i)(?<=\S)\s+[-\u2013\u2014|]\s+(?:hosted|led|moderated)\s+by\b[^|:]*$")
_HOSTS_BEHIND = regex.compile(r"(?i),?\s+(?:w/|with|hosted\s+by|led\s+by)\s*@.*$")
_CHAT_BEHIND = regex.compile(
    r"(?i)\s*[:,\u2013\u2014-]\s+(?:our|the|a|an|join\s+our)\s+(?:\w+\s+){0,2}(?:tweet|twitter[\s-]*)?chat$"
)
_MASTHEAD = regex.compile(
    r"""(?xi)^(?:[\w'\u2019&]+\s+){0,6}(?:tweet|twitter[\s-]*)?chats?\W*$
      | ^.{0,80}\b(?:presents?|invites\s+you\s+to)\W*$
      | ^(?:(?-i:\p{Lu})[\w'\u2019&]*\s+){0,5}(?:newsletter|bulletin|digest|blog|(?:book|journal)\s+club)
        \s*(?:(?:no\.?|issue|\#)?\s*\d+)?\W*$"""
)
_OF_A_NAME = regex.compile(
    r"(?i)^\W*the\s+|(?:\s+(?:book|journal|club|(?:tweet|twitter[\s-]*)?chat|blog|newsletter|hour|community|network))+\W*$"
)
"""What is said around a chat's name, which is otherwise its hashtag or its site's name."""
_PICTURES = regex.compile(r"^[\p{So}\p{Sk}\s]+|[\p{So}\p{Sk}\s]+$")
"""Emoji around a title."""

_IN_BRACKETS = regex.compile(
    r"(?i)[(\[]\s*(?:(?:UK|local|[\p{L}]+)\s+time|[\s,]*(?:\d+|one)\s*(?:hours?|hrs?|min(?:ute)?s?))?\s*[)\]]"
)
_NOT_OF_THE_POST = regex.compile(
    r"(?i)\bcookies?\b|^skip\s+to\b|\bsign\s+(?:in|up)\b|\blog\s?in\b|^we\s+value\s+your|^menu$|^home\b"
)
_TOPIC_IS = regex.compile(
    r"""(?xi)\b(?:topic|theme|title|subject)\s+(?:is|was|will\s+be|this\s+(?:week|month)\s+is)\s*[:,]?\s*
    [\u201c\"\u2018](?P<title>[^\u201d\"]{3,150}?)[\u201d\"\u2019](?!\w)
    | (?<=[.!?]\s)(?:topic|theme|title)\s*:\s*(?P<title>[^.!?]{3,120}[?!]?)"""
)
_TOPIC_IN_A_SENTENCE = regex.compile(
    r"(?i)(?:\b(?:topic|theme)\s+(?:is|will\s+be)\s|^\W*what\s*:)\s*(?P<title>[^.!?,;:]{5,100}\??)(?=[.!,;]|$)"
)
_WE_TALK = regex.compile(
    r"""(?xi)^\W*(?:(?:am|um|on|at|heute|tonight|diesmal|this\s+(?:week|month)|dienstag|mittwoch)\b(?:[^.!?]|(?<=\d)\.){0,100}?\s)?(?:
        (?:sprechen|reden|diskutieren|chatten|schreiben)\s+wir\s+(?:[^.!?]{0,40}?\s)?\u00fcber
      | wir\s+(?:sprechen|reden|diskutieren|chatten)\s+(?:[^.!?]{0,60}?\s)?\u00fcber
      | we(?:\s+will|['\u2019]ll)?\s+(?:be\s+)?(?:talk|chat)(?:ing)?\s+about | geht\s+es\s+um )
    \s+(?P<title>[^.!?,;:]{3,100}\??)(?=[.!,;]|$)"""
)
"""A sentence that says what the chat is about; it is no heading."""

_PHRASE = regex.compile(r"(?i)\b(?:your|our|the|an?|first|next|in|on|to|of|for|with|about)\s+$")
_HOSTING = regex.compile(
    r"(?i)\b(?:will\s+(?:be\s+)?(?:host|lead)(?:ing)?|(?:is|are)\s+hosting|hosted\s+by|will\s+be\s+hosted)\b"
)
_PRESENTS = regex.compile(r"(?i)^\W*(?:presents?|invites\s+you\s+to)\W*$")

_MOST_ABOVE = 5
"""Lines that may stand above the heading."""

_LONGEST, _LONGEST_LATER, _MOST_WORDS = 150, 100, 25
"""Characters of a title in the first line and in a later one, and words in either."""


_ODD = regex.compile(
    r"(?i)^(?:(?:(?:.*\s)?(?:am|um|ab)|on|at)\s+[:\u2013\u2014-](?:\s|$)|[\w'\u2019-]+$|draft\b|version\b|(?:final|new|updated)\s+(?:draft|version)\b|change\s+of\b"
    r"|(?:new|changed)\s+(?:date|time)\b|cancell?ed\b|postponed\b|moved\b|reminder\b|update[d:]|announcement\b)"
)
"""A heading that is one word, or says what became of the announcement, is seldom the title."""


class FoundTitle(Value, frozen=True, kw_only=True):
    """The title and the hashtag; empty where the text has none."""

    title: str = ""
    hashtag: str = ""
    doubts: tuple[Doubt, ...] = ()


def find_title(lines: Sequence[Line], file_title: str, series_tag: str, site: str = "") -> FoundTitle:
    """The title and the hashtag. `file_title` is a page's or an e-mail's own, `series_tag` the series' hashtag.

    `site` is the name of the page's site, which is no part of a title.
    """
    own = [line for line in lines if not line.after]
    tag, doubts = _hashtag(own, file_title, series_tag)
    names = frozenset(_compact(one) for one in (site, tag, tag.casefold().removesuffix("chat")) if _compact(one))
    title, line = next(_sure_titles(own, file_title, names), ("", None))
    if not title:
        title, line = next(_likely_titles(own, names), ("", None))
        said = next((one.text for one in own if one.number == line), "")
        taken = lazy("No line reads like a heading; this was taken for the title.")
        why = taken if title else lazy("Write what the chat is about.")
        doubts.append(Doubt(field="title", line=line, said=said, assumed=title or None, why=why))
    elif _ODD.match(title):
        why = lazy("That reads like a note, or the name of a series. Is it what the chat is about?")
        doubts.append(Doubt(field="title", line=line, said=title, assumed=title, why=why))
    return FoundTitle(title=title, hashtag=tag, doubts=tuple(doubts))


def _sure_titles(lines: Sequence[Line], file_title: str, names: frozenset[str]) -> Iterator[tuple[str, int | None]]:
    for line in lines:
        if (match := _LABEL.match(line.text)) or (match := _TOPIC_IS.search(line.text)):
            yield from _named(match["title"], line, names)
    if (first := _first(lines)) and len(first.text) <= _LONGEST and _is_heading(first):
        quoted = _QUOTED.search(first.text)
        if quoted and _AFTER_A_QUOTE.match(_without_time(first.text[quoted.end() :])):
            yield from _named(quoted["title"], first, names)
        yield from _named(first.text, first, names)
    for part in regex.split(r"\s[|\u00bb\u2022]\s", file_title):
        if not _is_name(part, names) and (title := _trimmed(part, names)):
            yield title, None
    for line in lines:
        if line.style in ("", "\u2022") and (match := _QUOTED.search(line.text)):
            yield from _named(match["title"], line, names)


def _first(lines: Sequence[Line]) -> Line | None:
    """The line that may be the heading: the first that is no name of a chat or of a society, and no notice."""
    for at, line in enumerate(lines[:_MOST_ABOVE]):
        presents = at + 1 < len(lines) and _PRESENTS.match(lines[at + 1].text)
        if not presents and not _MASTHEAD.match(line.text) and not _NOT_OF_THE_POST.search(line.text):
            return line
    return None


def _likely_titles(lines: Sequence[Line], names: frozenset[str]) -> Iterator[tuple[str, int | None]]:
    for line in lines[:1]:
        if match := _WE_TALK.search(line.text):
            yield from _named(match["title"], line, names)
    for line in lines[1:4]:
        if len(line.text) <= _LONGEST_LATER and _is_heading(line):
            yield from _named(line.text, line, names)
    for line in lines:
        if not line.style and (match := _in_a_sentence(line.text)):
            yield from _named(match["title"], line, names)
    for line in lines[:1]:
        yield from _named(line.text[:_LONGEST], line, names)


def _in_a_sentence(text: str) -> regex.Match[str] | None:
    return _JOIN_US.match(text) or _TOPIC_IN_A_SENTENCE.search(text) or _WE_TALK.search(text)


def _named(text: str, line: Line, names: frozenset[str]) -> Iterator[tuple[str, int | None]]:
    if title := _trimmed(text, names):
        yield title, line.number


def _is_heading(line: Line) -> bool:
    """Whether a line may be a heading: no list item, no greeting, no label, and no sentences."""
    if line.style not in ("", "•") or _NO_HEADING.match(line.text) or _WE_TALK.search(line.text):
        return False
    if line.text.endswith(","):
        return False
    return not regex.search(r"(?<!\b\p{Lu}|\d)[.!]\s+\S", line.text) and len(line.text.split()) <= _MOST_WORDS


def _trimmed(text: str, names: frozenset[str]) -> str:
    """A title without hashtag, date, time, the chat's or site's name, and the signs between them.

    Of a sentence about hosts what follows ":".
    """
    text = _HOSTS_LAST.sub("", text)
    if _HOSTING.search(text):
        text = text.partition(":")[2]
    text = _IN_BRACKETS.sub(" ", regex.sub(r"(?i)^(?:\W*\[[^\]]{2,40}\]\s*(?=\S)|\s*(?:re|fwd?)\s*:)+", "", text))
    text = _IN_BRACKETS.sub(" ", _without_time(text))
    parts = [part.strip(_SIGNS) for part in regex.split(r"\s[-\u2013\u2014|\u2022]\s|\s{3,}", f" {text} ")]
    kept = [part for part in parts if part and not _SAYS_NOTHING.match(_PICTURES.sub("", part))]
    kept = [part for part in kept if not _is_name(part, names)] or kept
    title = " ".join(" \u2013 ".join(kept).split()).strip(_SIGNS)
    title = _PICTURES.sub("", title)
    whole = len(title)
    title = _OF_A_CHAT.sub("", regex.sub(r"(?i)^chat\s*[:\u2013-]\s*", "", title))
    title = _HOSTS_BEHIND.sub("", _CHAT_BEHIND.sub("", _OF_A_CHAT.sub("", title)))
    if len(title) < whole and title.partition(" ")[0].islower():
        title = title[:1].upper() + title[1:]
    name, _, rest = title.partition(": ")
    title = rest.strip() if rest.strip() and _is_name(name, names) else title
    if title[:1] in '\u201c"' and title[-1:] in '\u201d"':
        title = title.strip('\u201c\u201d"')
    title = title.removesuffix(".") if title.count(".") == 1 else title
    return title if regex.search(r"\w", title) else ""


def _is_name(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a heading is only the name of the chat or of its site."""
    return bool(_MASTHEAD.match(part)) or _compact(part) in names or _compact(_OF_A_NAME.sub("", part)) in names


def _compact(name: str) -> str:
    return regex.sub(r"[\W_]", "", name).casefold()


def _without_time(text: str) -> str:
    return _TIME.sub(" ", without_dates(_without_tags(text)))


def _without_tags(text: str) -> str:
    """The text without its hashtags, but for one in a phrase, as in "your first #chat"."""
    return _TAG.sub(lambda tag: tag[0] if _PHRASE.search(text[: tag.start()]) else " ", text)


def _hashtag(lines: Sequence[Line], file_title: str, series_tag: str) -> tuple[str, list[Doubt]]:
    said: Counter[str] = Counter()
    first: dict[str, tuple[str, int | None]] = {}
    texts = [(file_title, None, 2), *((line.text, line.number, 1 if at else 3) for at, line in enumerate(lines))]
    for text, number, weight in texts:
        for match in _TAG.finditer(text):
            tag = composed(match[0].replace("\uff03", "#"))
            if is_one_word(tag):
                said[tag.casefold()] += weight + 2 * (tag.casefold().endswith("chat") and tag.casefold() not in said)
                first.setdefault(tag.casefold(), (tag, number))
    ranked = said.most_common(2)
    if not ranked:
        why = (
            lazy("The text has no hashtag; {hashtag} was taken, that of the series.", hashtag=series_tag)
            if series_tag
            else lazy("The text has no hashtag; without one, X finds answers by replies and mentions alone.")
        )
        return series_tag, [Doubt(field="hashtag", line=None, said="", assumed=series_tag, why=why, settled=True)]
    best, line = first[ranked[0][0]]
    if series_tag and series_tag.casefold() not in said:
        why = lazy("The text has another hashtag than the series; the series' was taken.")
        return series_tag, [Doubt(field="hashtag", line=line, said=best, assumed=series_tag, why=why)]
    if series_tag or len(ranked) == 1 or ranked[1][1] < ranked[0][1]:
        return series_tag or best, []
    other, line = first[ranked[1][0]]
    why = lazy("The text has two hashtags, each as often as the other. Which is the chat's?")
    return best, [Doubt(field="hashtag", line=line, said=other, assumed=best, why=why)]
