"""The words of a chat without the people who are not named in it. Pure.

Their handles, their whole names and the links to their posts and profiles are replaced by stand-ins, in which a text
still refers to the same messages and questions. A name of one word is replaced where it is written with a capital, a
handle without its `@` where it has a digit, an underscore, a dot or a capital inside; other words may be just words. A
first name alone is not found, nor is anybody who is described. Who is not named is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from unicodedata import normalize

from bot.live.consent import privacy_request
from bot.live.quotes import linked
from bot.live.reposts import is_typed_repost
from bot.messages import Value
from bot.readable.common_words import is_wording
from bot.readable.name_forms import among_letters, spellings
from bot.readable.plain_text import PlainText
from bot.readable.plain_text import plain as as_compared
from bot.readable.stand_ins import A_PAGE, A_PROFILE, SOMEBODY, handle_for, is_stand_in, plain, post_for

_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")
_BETWEEN = re.compile(r"[^\w\n]{1,3}|['\u2019]?")
"""What may stand between two words of a name."""

_CAPITAL_INSIDE = re.compile(r"[^\W\d_]*[a-z][A-Z]")
_CREDENTIALS = re.compile(r"\s*[(\[|,\u00b7\u2022/\u2013\u2014]|\s-\s")
"""Begins what people write behind their names: `Kate Smith (she/her) | OT`."""

_TITLE = re.compile(r"(?:dr|prof|professor|mr|mrs|ms|mx|miss|sr)\b\.?\s+", re.IGNORECASE)

_ANSWER_MARK = re.compile(r"[^\W\d_]?\d{1,2}")  # a handle like this, without its `@`, is read as one: "A2 tea"

_NO_NAMES = frozenset({"participant", SOMEBODY, "someone", "anonymous", "guest", "everyone", "all"})
_SHORTEST_NAME, _SHORTEST_ACRONYM, _SHORTEST_JOINED = 2, 3, 6

_HANDLE = re.compile(r"(?<![^\W_])(?<!<)[@\uff20](\w(?:[\w.]*\w)?)(?:@[\w-]+(?:\.[\w-]+)+)?")
_LINK = re.compile(
    r"(?:https?://|(?<![\w@./-])(?:(?:www|mobile)\.)?(?:(?:x|twitter)\.com|discord(?:app)?\.com)/)[^\s<>\"]+",
    re.IGNORECASE,
)
_NO_END = re.compile(r"[^\w/=&#%+~$@)\]}-]+\Z")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_QUOTES = re.compile("[\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f]")
"""Quotation marks: no address has one."""

_ON_X = re.compile(r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?(\w+)(/status(?:es)?/)?", re.IGNORECASE)
_ON_DISCORD = re.compile(r"(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/(channels|users)/", re.IGNORECASE)
_X_ABOUT_NOBODY = frozenset({"hashtag", "search", "explore", "home", "share", "intent"})
_ID, _SHORTEST_ID = re.compile(r"\w+"), 6
_WITH_AN_ID = re.compile(r"(?<![^\s<])(?=[^\s<>@]*\d)[^\s<>@]*?\w{6}[^\s<>@]*")
_PIECES = (re.compile(r"(@?)([^/?&=#@:.%+]+)"), re.compile(r"(@?)([^/?&=#@:%+]+)"))
_IN_A_LINK = re.compile(r"[-_.+/]|%20")


class UnnamedPeople(Value, frozen=True, kw_only=True):
    """The people who are not named, and what is.

    `handles`, without `@`, and `names` are theirs, as they are written, each with what is read for them. `posts` are
    the ids and the addresses of their messages, each with its keyed id, `accounts` their ids where they are known.
    `kept_handles` (casefolded), `kept_names` and `kept_posts` stay, whoever else has them. With `strangers`, handles of
    anybody else and links to anybody's posts are replaced as well. `hashtag` is the chat's.
    """

    handles: Mapping[str, str]
    names: Mapping[str, str]
    posts: Mapping[str, str]
    accounts: frozenset[str] = frozenset()
    kept_handles: frozenset[str] = frozenset()
    kept_names: frozenset[str] = frozenset()
    kept_posts: frozenset[str] = frozenset()
    strangers: bool = False
    hashtag: str = ""


class Unnaming:
    """Replaces what names these people. A text in which nobody is named stays as it is, and so does a replaced one."""

    def __init__(self, people: UnnamedPeople) -> None:
        self._people = people
        self._tag = people.hashtag.lstrip("#").casefold()
        by_handle = {_compared(handle): name for handle, name in people.handles.items()}
        self._handles = {handle.rstrip("_"): name for handle, name in by_handle.items()} | by_handle
        self._distinctive = set[str]()
        self._first_words: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        self._alone: dict[str, str] = {}
        self._joined: dict[str, str] = {}
        unspaced: dict[str, str] = {}
        kept = {one.casefold() for one in (*people.kept_names, *_NO_NAMES)}
        for name, stand_in in people.names.items():
            for written in _spellings(name):
                if written.casefold() not in kept and not is_wording(written):
                    self._add_name(written, stand_in)
                    unspaced |= dict.fromkeys(among_letters(written), stand_in)
        self._stand_ins = tuple(unspaced.values())
        self._unspaced = re.compile("|".join(f"({one})" for one in unspaced)) if unspaced else None
        for handle, stand_in in people.handles.items():
            is_mark = _ANSWER_MARK.fullmatch(handle) is not None
            has_signs = not is_mark and any(one.isdigit() or one in "_." for one in handle.strip("_."))
            if handle.casefold() not in people.kept_handles and (has_signs or _CAPITAL_INSIDE.match(handle)):
                self._distinctive.add(handle.casefold())
                self._add(handle, stand_in, as_written=not has_signs)

    def text(self, text: str) -> str:
        """The text of a message, with stand-ins."""
        plainly = text if text.isascii() and "\\_" not in text else normalize("NFC", text.replace("\\_", "_"))
        replaced = self._text(plainly)
        return replaced if replaced != plainly else text

    def _text(self, text: str) -> str:
        keeps_words = privacy_request(text) is not None
        return "".join(
            self._link(piece) if is_link else self._words(piece, keeps_words=keeps_words, is_repost=is_repost)
            for is_repost in (is_typed_repost(text),)
            for piece, is_link in _pieces(text)
        )

    def plain(self, text: str) -> str:
        """A text that is read as it is, with words for the stand-ins."""
        return plain(self.text(text))

    # Names ---------------------------------------------------------------------------------------

    def _add_name(self, name: str, stand_in: str) -> None:
        words = _WORD.findall(as_compared(name))
        if len(words) > 1:
            self._add(name, stand_in, as_written=False)
            if len(joined := "".join(words).casefold()) >= _SHORTEST_JOINED:  # as in a hashtag, or in an address
                self._joined[joined] = stand_in
                self._add(joined, stand_in, as_written=False)
        elif words and len(words[0]) >= (_SHORTEST_ACRONYM if words[0].isupper() else _SHORTEST_NAME):
            self._alone[words[0].casefold()] = stand_in
            self._add(words[0][0].upper() + words[0][1:], stand_in, as_written=True)
            if len(words[0]) > _SHORTEST_ACRONYM:
                self._add(words[0].upper(), stand_in, as_written=True)

    def _add(self, name: str, stand_in: str, *, as_written: bool) -> None:
        name = as_compared(f"@{name}")
        words = tuple(_WORD.findall(name if as_written else name.casefold()))
        if words and name.casefold() != f"@{self._tag}":
            found = self._first_words.setdefault(words[0].casefold(), [])
            if (one := (words, as_written, stand_in)) not in found:
                found.append(one)
            found.sort(key=lambda one: (-len(one[0]), one))

    def _names(self, text: str) -> Iterator[tuple[int, int, int, str]]:
        """Where names stand: from, to, the number of their words, and what stands for them."""
        found = list(_WORD.finditer(text))
        number = 0
        while number < len(found):
            length = 1
            for words, as_written, stand_in in self._first_words.get(found[number][0].casefold(), ()):
                some = found[number : number + len(words)]
                there = tuple(one[0] if as_written else one[0].casefold() for one in some)
                if there == words and all(
                    _BETWEEN.fullmatch(text, one.end(), other.start()) for one, other in pairwise(some)
                ):
                    yield some[0].start(), some[-1].end(), len(words), stand_in
                    length = len(words)
                    break
            number += length

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where names stand in a plain text, in order and apart; in a script without spaces also inside of words."""
        spans = [(start, end, stand_in) for start, end, _, stand_in in self._names(text)]
        if self._unspaced is None:
            return spans
        for found in self._unspaced.finditer(text):
            if all(found.end() <= start or end <= found.start() for start, end, _ in spans):
                spans.append((*found.span(), self._stand_ins[(found.lastindex or 1) - 1]))
        return sorted(spans)

    # Pieces of a text ----------------------------------------------------------------------------

    def _words(self, text: str, *, keeps_words: bool, is_repost: bool) -> str:
        if not keeps_words and self._first_words:
            text = self._without_names(text, is_repost=is_repost)
        text = _WITH_AN_ID.sub(self._id, text)
        return _HANDLE.sub(self._handle, text) if "@" in text or "\uff20" in text else text

    def _without_names(self, text: str, *, is_repost: bool) -> str:
        parts, done, whole = list[str](), 0, PlainText(text)
        for *span, stand_in in self._spans(whole.plain):
            start, end = whole.span(*span)
            with_sign = start > 0 and text[start - 1] in "@\uff20"
            if with_sign and is_stand_in(f"@{text[start:end]}"):
                continue
            parts.append(text[done : start - with_sign])
            # a handle before a mark is passed over, words before it are not
            is_one_word = not re.search(r"\s", text[start:end])
            parts.append(handle_for(stand_in) if with_sign and (is_one_word or is_repost) else stand_in)
            done = end
        return "".join((*parts, text[done:])) if parts else text

    def _id(self, found: re.Match[str]) -> str:
        """An id in the middle of words, as in an address without `https://`."""
        ids = [one for one in _ID.findall(found[0]) if len(one) >= _SHORTEST_ID]
        if not self._people.posts.keys().isdisjoint(ids):
            return plain(post_for(None))
        return found[0] if self._people.accounts.isdisjoint(ids) else plain(A_PROFILE)

    def _handle(self, found: re.Match[str]) -> str:
        whole = found[1]
        if is_stand_in(f"@{whole}"):
            return found[0]
        for some in dict.fromkeys((whole, whole.rstrip("_"), whole.partition(".")[0])):
            key = _compared(some)
            if not self._people.kept_handles.isdisjoint({key, some.casefold()}):
                return found[0]
            stand_in = self._handles.get(key) or self._alone.get(key)
            if stand_in:
                return handle_for(stand_in) + whole[len(some) :]
        return handle_for(SOMEBODY) if self._people.strangers else found[0]

    def _link(self, url: str) -> str:
        if "://" in url:
            return url if ".invalid/" in url else self._replaced(url)
        found = self._replaced(url)  # without `https://` it is no link to anything that reads it, nor may it become one
        return plain(found) if found != url else url

    def _replaced(self, url: str) -> str:
        leads = linked(url if "://" in url else f"https://{url}")
        if leads.ids and not self._people.kept_posts.isdisjoint(leads.ids):
            return url
        for one in (*leads.ids, *leads.addresses):
            if one in self._people.posts:
                return post_for(self._people.posts[one])
        if any(len(one) >= _SHORTEST_ID and one in self._people.posts for one in _ID.findall(url)):
            return post_for(None)
        return self._profile(url) or (A_PAGE if self._names_somebody(url) else url)

    def _profile(self, url: str) -> str:
        """What stands for a link to a post or a profile on a platform; empty if it is none, or stays."""
        people = self._people
        if found := _ON_X.match(url):
            handle = found[1].casefold()
            if handle in people.kept_handles or handle in _X_ABOUT_NOBODY:
                return ""
            by_id = handle == "i" and not people.accounts.isdisjoint(re.findall(r"\d+", url))
            if people.strangers or handle in self._handles or by_id:
                return post_for(None) if found[2] or "/status/" in url else A_PROFILE
        elif found := _ON_DISCORD.match(url):
            known = not people.accounts.isdisjoint(re.findall(r"\d+", url))
            if people.strangers or known:
                return post_for(None) if found[1].lower() == "channels" else A_PROFILE
        return ""

    def _names_somebody(self, url: str) -> bool:
        site, _, path = url.rpartition("://")[2].partition("/")
        rest = f"{site}/{path}"
        for sign, piece in (found for pieces in _PIECES for found in pieces.findall(rest.casefold())):
            known = (piece in self._handles or piece in self._alone) and piece not in self._people.kept_handles
            if piece in self._joined or (
                known and (sign or piece == path.casefold().rstrip("/") or piece in self._distinctive)
            ):
                return True
        return any(words > 1 for _, _, words, _ in self._names(_IN_A_LINK.sub(" ", rest)))


def _compared(handle: str) -> str:
    return as_compared(f"@{handle}")[1:].casefold()


def _spellings(name: str) -> set[str]:
    """A name as it is written, with and without title and credentials, umlauts and apostrophes."""
    whole = normalize("NFC", name).strip()
    plainly = _CREDENTIALS.split(_TITLE.sub("", whole, count=1) if _TITLE.match(whole) else whole, maxsplit=1)[0]
    ways = {whole, plainly.strip()} | {way for one in (whole, plainly.strip()) for way in spellings(one)}
    return ways | {one.replace("'", "") for one in ways}


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with whether it is a link."""
    start = 0
    for found in _LINK.finditer(text) if "/" in text else ():
        end = found.start() + _length(found[0])
        yield text[start : found.start()], False
        yield text[found.start() : end], True
        start = end
    yield text[start:], False


def _length(link: str) -> int:
    """How much of this is a link: nothing behind a bracket or a quotation mark that opened before it, no full stop."""
    opened = dict.fromkeys(_CLOSING.values(), 0)
    for at, sign in enumerate(link):
        if sign in opened:
            opened[sign] += 1
        elif (opening := _CLOSING.get(sign)) is not None:
            opened[opening] -= 1
            if opened[opening] < 0:
                link = link[:at]
                break
    return len(_NO_END.sub("", _QUOTES.split(link, maxsplit=1)[0]))
