"""The language of the bot: `_("text")` is a text in the language of the chat at hand.

The source is in English. Other languages have catalogues, `bot/translations/<language>.po`, which are read when a
language is first used: nothing has to be compiled. A text without a translation stays English. Texts for operators are
not translated: the log, the doctor and the command line.

`lazy("text")` is for a text that is made before anybody knows who reads it, such as a mistake in a file: the command
line and the log print it, in English, and a page says it in its reader's language with `translated`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Self

ENGLISH = "en"
FOLDER = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


def language_mistake(code: str) -> str:
    """The mistake in a language that the bot does not have, and what to write instead; empty if it has it."""
    return "" if code in languages() else lazy("write one of {names}", names=", ".join(languages()))


def language() -> str:
    """The code of the current language."""
    return _language.get()


def use_language(code: str) -> None:
    """Use this language from here on, in this task and those it starts."""
    _language.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use this language within the block. An empty code changes nothing."""
    before = _language.set(code or language())
    try:
        yield
    finally:
        _language.reset(before)


def _(text: str) -> str:
    """The text in the current language. Variables in it, such as `{title}`, are filled in afterwards."""
    code = _language.get()
    return text if code == ENGLISH else _catalogue(code).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for this number of things, in the current language."""
    code = _language.get()
    if code == ENGLISH:
        return one if count == 1 else many
    return _catalogue(code).ngettext(one, many, count)


class LazyText(str):
    """A text in English that `translated` says in the language of whoever reads it. Anywhere else it is that English.

    `say` gives it in the language that is spoken here; it may be called at any time, in any thread.
    """

    __slots__ = ("_say",)
    _say: Callable[[], str]

    def __new__(cls, say: Callable[[], str]) -> Self:
        """The text that `say` gives in English."""
        with speaking(ENGLISH):
            made = super().__new__(cls, say())
        made._say = say
        return made

    def __add__(self, more: str) -> LazyText:
        """The text with another after it, which stays as it is unless it is a `LazyText` itself."""
        return LazyText(lambda: translated(self) + translated(more))


LazyValue = str | int | Callable[[], str]
"""What may be filled into a lazy text: itself lazy, or made by a call in the language that is spoken then."""


def lazy(text: str, /, **values: LazyValue) -> LazyText:
    """A text to be translated when it is read, with its variables filled in."""
    return LazyText(lambda: _filled_in(_(text), values))


def lazy_ngettext(one: str, many: str, count: int, **values: LazyValue) -> LazyText:
    """The same for this number of things, which is the variable `count`."""
    return LazyText(lambda: _filled_in(ngettext(one, many, count), {"count": count, **values}))


def lazy_list(things: Iterable[str]) -> LazyText:
    """Things in a row: `a and b and c`."""
    row = tuple(things)
    return LazyText(lambda: _(" and ").join(map(translated, row)))


def translated(text: str) -> str:
    """A lazy text in the current language; any other text as it is."""
    return text._say() if isinstance(text, LazyText) else text  # noqa: SLF001 -- of this module


def translated_error(error: Exception) -> str:
    """The message of an error in the language that is spoken here, if it can be said in it."""
    said = error.args[0] if error.args else None
    return translated(said) if isinstance(said, LazyText) else str(error)


def encode_lazy(value: object) -> str:
    """For msgspec, which knows no classes of texts: a lazy text as the English that it is."""
    if isinstance(value, LazyText):
        return str(value)
    raise NotImplementedError


def _filled_in(text: str, values: Mapping[str, LazyValue]) -> str:
    made = {
        name: translated(value) if isinstance(value, str) else value() if callable(value) else value
        for name, value in values.items()
    }
    return text.format(**made) if made else text


def html_language() -> str:
    """The language as pages name it: English is British."""
    code = _language.get()
    return "en-GB" if code == ENGLISH else code


def script_words() -> Mapping[str, str]:
    """The texts of the pages' scripts, each with its translation; none in English, which the scripts have."""
    code = _language.get()
    return {} if code == ENGLISH else _script_words(code)


def pending(text: str) -> str:
    """Mark a text that is translated later, where it is used: for tables of texts."""
    return text


@cache
def _catalogue(code: str) -> NullTranslations:
    """A language's translations. An unknown language has none: a chat may outlive the language it was planned in."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 -- most communities speak English
    from babel.messages.pofile import read_po  # noqa: PLC0415

    path = FOLDER / f"{code}.po"
    if code not in languages():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _script_words(code: str) -> Mapping[str, str]:
    from babel.messages.pofile import read_po  # noqa: PLC0415 -- as above

    if code not in languages():
        return {}
    with (FOLDER / f"{code}.po").open("rb") as source:
        catalogue = read_po(source, locale=code)
    return {
        str(one.id): str(one.string)
        for one in catalogue
        if one.string and not one.pluralizable and any(file.endswith(".js") for file, _line in one.locations)
    }
