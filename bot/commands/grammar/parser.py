"""Reads commands, the same on every platform: whether a message is one, which one, and a hint where it can't be read.

Pure, and never raises. The author, their role and the chat are not known here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from bot.commands.grammar.catalogue import BY_WORD, COMMANDS, ENTRIES
from bot.commands.grammar.catalogue_entry import CatalogueEntry
from bot.commands.grammar.command_types import Add, Handover, Help, Misunderstood, ParsedCommand, Say, Status
from bot.commands.grammar.moderation_types import Ban, Mute, Unmute
from bot.commands.grammar.reader_parts import Arguments
from bot.commands.grammar.record_types import Summary
from bot.ports.commands import CommandInfo
from bot.translation import _, pending

_MENTION = r"<@[!&]?\d{1,30}>|@[\w.-]{1,100}"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_PREFIX = re.compile(
    rf"[\s{_INVISIBLE}]*(?:{_MENTION}|(?:/chat|/moderate|please|pls)(?![\w-])|[!/](?=\s*\w))?[\s{_INVISIBLE},:]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\+(?=\s*\d)|\?+|\S+")
_SECOND_WORD = re.compile(r"\s+(\S{1,20})(?=\s|$)")
_TRAILING = re.compile(r"(?:please|pls|thanks|thank you|#\w*[^\W\d_]\w*)[.!,]*", re.IGNORECASE)
_QUOTES = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2018": "'", "\u2019": "'"}
)

_HIDDEN = frozenset("\u00ad\ufeff") | {
    chr(one) for one in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
}
_WITHOUT_HIDDEN = dict.fromkeys(map(ord, _HIDDEN))

_LONGEST_ARGUMENTS = 400
"""Characters after the name of a command that takes no free text. A longer text is no command."""

_ECHO = 20
"""Characters of an unknown command that a hint repeats."""

_LEADING_MENTION = re.compile(rf"\s*(?:{_MENTION})[\s,:]*")
_BANG = re.compile(rf"\s*(?:(?:{_MENTION})[\s,:]*)*!\s?[^\W_]")
_ASKS_FOR_HELP = re.compile(r"\s*!?\s*(?:please |pls )?(?:help|h|\?+)(?![\w-])", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[a-z+?-]{1,20}", re.IGNORECASE | re.ASCII)

_SHORT = 60
"""Characters of a message that may be a misspelt command."""

_FEW = 3
"""Words of a message without `!` that may be a misspelt command."""

_LONGEST = 8000
"""Characters of a message that may be a command at all."""

_DECLINED = re.compile(
    r"(?:no|nope|never ?mind|rather not|(?:no,? *)?(?:don[\u2019']?t|do not)(?: forget me)?|forget me,? no)"
    r"(?:[\s.,!]+(?:please|thanks|thank you))?[\s.,!]*",
    re.IGNORECASE,
)
"""Answers to the question of a command that wants to be confirmed."""

_NAMES = [info.name for info in COMMANDS]
_SEE_HELP = pending("`help` lists what I know.")


def parse(text: str, *, about: str | None = None, places: Collection[str] = ()) -> ParsedCommand | Misunderstood:
    """The command in a text that is meant for the bot, or a hint of one line.

    `about` is the message that the command is about, as `place/id`, where the platform tells. `places` are the names of
    the configured places.
    """
    begin = _skip_prefix(text)
    word = _WORD.match(text, begin)
    if not word:
        return Help()
    info, end = _find(text, word)
    if info is None:
        is_declined = len(text) <= _SHORT and _DECLINED.fullmatch(text, word.start())
        return Misunderstood(hint=_("Then I do nothing."), declined=True) if is_declined else _unknown(word[0])
    entry = ENTRIES[info.name]
    given = Arguments(
        text=text[end:].strip(),
        words="" if info.takes_text else _plain(text[end : end + _LONGEST_ARGUMENTS + 1]),
        about=about,
        places=places,
    )
    too_long = not info.takes_text and len(text) - end > _LONGEST_ARGUMENTS
    return (None if too_long else entry.read(given)) or _incomplete(entry, given)


def is_command(text: str, *, leads: bool, about: str | None = None, answers: bool = False) -> bool:
    """Whether a message that mentions the bot, or begins with `!`, is a command and no part of the chat.

    A text that may be either is an answer: an answer taken for a command is lost, or posted in the bot's name, but a
    command taken for an answer is only written again. "Pause" is a good answer to many questions, so from people
    without a role only a text with `!` is a command.

    `leads`: the author has a role in the chat. `about` is the message replied to, as `place/id`. `answers`: that
    message is a question's own post.
    """
    mentions, banged = _LEADING_MENTION.match(text) is not None, _BANG.match(text) is not None
    if len(text) > _LONGEST or not (banged or leads):
        return False
    rest = _without_mentions(text)
    parsed = parse(text, about=about)
    match parsed:
        case Help() | Status() if not leads:
            return False  # participants can't make the bot post to everybody; they can ask where only they see it
        case Help():
            return _ASKS_FOR_HELP.match(rest) is not None and (
                parsed.topic is None or parsed.topic.split()[0] in BY_WORD
            )
        case Say() | Add() | Summary():
            return banged or (mentions and not answers)
        case _ if isinstance(parsed, Misunderstood) or _has_bare_name(parsed):
            fits = leads and len(text.strip()) <= _SHORT
            return fits and (banged or (mentions and not answers and _almost_command(rest)))
    return True


def _has_bare_name(parsed: ParsedCommand) -> bool:
    """Whether a person is named by several words without quotes, which may as well be the rest of a sentence."""
    person = parsed.person if isinstance(parsed, Mute | Unmute | Ban | Handover) else None
    return person is not None and person.bare


def _skip_prefix(text: str) -> int:
    """The index of the command itself, after mentions, `/chat`, `!` and "please"."""
    index, found = 0, _PREFIX.match(text)
    while found and found.end() > index:
        index = found.end()
        found = _PREFIX.match(text, index)
    return index


def _find(text: str, word: re.Match[str]) -> tuple[CommandInfo | None, int]:
    """The command that a word names, and the index after its name. `hold all` is tried before `hold`."""
    first, second = _bare(word[0]), _SECOND_WORD.match(text, word.end())
    both = BY_WORD.get(f"{first} {_bare(second[1])}") if second else None
    if both and second:
        return both, second.end()
    return BY_WORD.get(first), word.end()


def _bare(word: str) -> str:
    """The word in lower case, without punctuation at its end. A word with other than ASCII letters keeps its case."""
    short = word[: _ECHO + 1]
    short = short.rstrip(".,:;!?") or short[:1]
    return short.lower() if short.isascii() else short


def _plain(text: str) -> str:
    """The text with plain quotes and single spaces, without thanks or hashtags at its end."""
    words = text.translate(_QUOTES).translate(_WITHOUT_HIDDEN).split()
    while words and _TRAILING.fullmatch(words[-1]):
        words.pop()
    return " ".join(words).rstrip(".,;!?")


def _incomplete(entry: CatalogueEntry, given: Arguments) -> Misunderstood:
    """A known command whose arguments can't be read: the missing argument, with an example."""
    name = entry.info.name
    if not entry.info.takes:
        return Misunderstood(hint=_("`{name}` stands alone: write only `{name}`.").format(name=name))
    unread = _("I could not read that. ") if given.text.strip() else ""
    needs = _("Say {needs}").format(needs=_(entry.needs)) if entry.needs else _("Write it")
    return Misunderstood(
        hint=_("{unread}{needs}, like `{example}`.").format(unread=unread, needs=needs, example=entry.info.example)
    )


def _unknown(word: str) -> Misunderstood:
    """No command has this name: the nearest one, or the way to the list."""
    bare = _bare(word)
    if not bare.isascii():
        plain = _("Commands are written in plain letters, a to z, and some of these only look like them.")
        alike = next((name for name in _NAMES if _looks_like(bare, name)), None)
        return Misunderstood(
            hint=_("{plain} Did you mean `{alike}`? Type it anew.").format(plain=plain, alike=alike)
            if alike
            else f"{plain} {_(_SEE_HELP)}"
        )
    near = _nearest(bare)
    echo = re.sub(r"[^a-z0-9_-]", "", bare)[:_ECHO]
    unknown = _("I do not know `{echo}`.").format(echo=echo) if echo else _("That is no command.")
    return Misunderstood(
        hint=_("{unknown} Did you mean `{near}`?").format(unknown=unknown, near=near)
        if near
        else f"{unknown} {_(_SEE_HELP)}"
    )


def _nearest(word: str) -> str | None:
    begun = next((name for name in _NAMES if name.startswith(word)), None) if len(word) > 1 else None
    return begun or next(iter(difflib.get_close_matches(word, _NAMES, n=1)), None)


def _looks_like(word: str, name: str) -> bool:
    """Whether a word is this name with some letters replaced by look-alikes of other alphabets."""
    seen = "".join(one for one in word.lower() if one not in _HIDDEN)
    pairs = list(zip(seen, name, strict=False))
    own = any(one == other for one, other in pairs)
    return len(seen) == len(name) and own and all(one == other or not one.isascii() for one, other in pairs)


def _without_mentions(text: str) -> str:
    """The text after the mentions at its beginning."""
    while found := _LEADING_MENTION.match(text):
        text = text[found.end() :]
    return text


def _almost_command(text: str) -> bool:
    """Whether a text of a few words begins with the name of a command, or almost. More words are a sentence."""
    word = _FIRST_WORD.match(text.lstrip())
    if word is None or len(text.split()) > _FEW:
        return False
    first = word[0].lower()
    return first in BY_WORD or (len(first) > 2 and bool(difflib.get_close_matches(first, BY_WORD, n=1, cutoff=0.75)))  # noqa: PLR2004 -- short words resemble one another
