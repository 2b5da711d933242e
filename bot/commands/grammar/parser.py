"""Reads a command, the same on every place, and helps where it was none. Pure, never raises, and one look at the text.

It decides what was said. Who said it, whether they may, and in which chat, others decide.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.commands.grammar.command_types import Help, Misunderstood, ParsedCommand
from bot.commands.grammar.readers import Said
from bot.commands.grammar.spec import CommandSpec

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_ASIDE = re.compile(
    rf"[\s{_INVISIBLE}]*(?:<@[!&]?\d{{1,30}}>|@[\w.-]{{1,100}}|(?:/chat|/moderate|please|pls)(?![\w-])|[!/](?=\s*\w))?[\s{_INVISIBLE},:]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\+(?=\s*\d)|\?+|\S+")
_SECOND = re.compile(r"\s+(\S{1,20})(?=\s|$)")
_TRAILING = re.compile(r"(?:please|pls|thanks|thank you|#\w*[^\W\d_]\w*)[.!,]*", re.IGNORECASE)
_QUOTES = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2018": "'", "\u2019": "'"}
)

_HIDDEN = frozenset("\u00ad\ufeff") | {
    chr(one) for one in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
}
_VANISH = dict.fromkeys(map(ord, _HIDDEN))

_MOST = 400
"""Characters of a command that says nothing aloud. Beyond, it is something else."""

_ECHO = 20
"""Characters of what was said that a hint repeats, at most."""


def parse(text: str, *, about: str | None = None, places: Collection[str] = ()) -> ParsedCommand | Misunderstood:
    """The order in a text that is meant for the bot, or one line of help.

    `about` is the message it was said about, as `place/id`, where the platform tells; `places` are the names there are.
    """
    begin = _begun(text)
    word = _WORD.match(text, begin)
    if not word:
        return Help()
    spec, end = _command(text, word)
    if spec is None:
        return _unknown(word[0])
    said = Said(
        text=text[end:].strip(),
        words="" if spec.text else _plain(text[end : end + _MOST + 1]),
        about=about,
        places=places,
    )
    too_long = not spec.text and len(text) - end > _MOST
    return (None if too_long else spec.read(said)) or _incomplete(spec, said)


def _begun(text: str) -> int:
    """Where the command itself begins: after a mention, `/chat`, `!` and a courtesy."""
    spot, found = 0, _ASIDE.match(text)
    while found and found.end() > spot:
        spot = found.end()
        found = _ASIDE.match(text, spot)
    return spot


def _command(text: str, word: re.Match[str]) -> tuple[CommandSpec | None, int]:
    """The row that a word names, and where its name ends: `hold all` before `hold`."""
    first, second = _bare(word[0]), _SECOND.match(text, word.end())
    both = BY_WORD.get(f"{first} {_bare(second[1])}") if second else None
    if both and second:
        return both, second.end()
    return BY_WORD.get(first), word.end()


def _bare(word: str) -> str:
    """In small letters, without the sentence's punctuation. What is not plain letters stays as it is."""
    short = word[: _ECHO + 1]
    short = short.rstrip(".,:;!?") or short[:1]
    return short.lower() if short.isascii() else short


def _plain(text: str) -> str:
    """With plain quotes and single spaces, without a courtesy or hashtag at the end."""
    words = text.translate(_QUOTES).translate(_VANISH).split()
    while words and _TRAILING.fullmatch(words[-1]):
        words.pop()
    return " ".join(words).rstrip(".,;!?")


def _incomplete(spec: CommandSpec, said: Said) -> Misunderstood:
    """A known command that could not be read: what it needs, with an example."""
    if not spec.takes:
        return Misunderstood(hint=f"`{spec.name}` stands alone: write only `{spec.name}`.")
    unread = "I could not read that. " if said.text.strip() else ""
    needs = f"Say {spec.needs}" if spec.needs else "Write it"
    return Misunderstood(hint=f"{unread}{needs}, like `{spec.example}`.")


def _unknown(word: str) -> Misunderstood:
    """No command has this name: the nearest one, or where to look."""
    bare = _bare(word)
    if not bare.isascii():
        plain = "Commands are written in plain letters, a to z, and some of these only look like them."
        alike = next((name for name in _NAMES if _looks_like(bare, name)), None)
        return Misunderstood(hint=f"{plain} Did you mean `{alike}`? Type it anew." if alike else f"{plain} {_LISTED}")
    near = _nearest(bare)
    echo = re.sub(r"[^a-z0-9_-]", "", bare)[:_ECHO]
    unknown = f"I do not know `{echo}`." if echo else "That is no command."
    return Misunderstood(hint=f"{unknown} Did you mean `{near}`?" if near else f"{unknown} {_LISTED}")


def _nearest(word: str) -> str | None:
    begun = next((name for name in _NAMES if name.startswith(word)), None) if len(word) > 1 else None
    return begun or next(iter(difflib.get_close_matches(word, _NAMES, n=1)), None)


def _looks_like(word: str, name: str) -> bool:
    """Whether a word is this name with some letters exchanged for foreign ones."""
    seen = "".join(one for one in word.lower() if one not in _HIDDEN)
    pairs = list(zip(seen, name, strict=False))
    own = any(one == other for one, other in pairs)
    return len(seen) == len(name) and own and all(one == other or not one.isascii() for one, other in pairs)


_NAMES = [spec.name for spec in COMMANDS]
_LISTED = "`help` lists what I know."
