"""The language in which the bot speaks: `_("text")` is a text in the language of the chat at hand.

English is the language of the source. The others are catalogues, `bot/translations/<language>.po`, which are read as
they are when a language is first used: nothing has to be compiled. A text without a translation stays English.
What only operators read, such as the log, the doctor and the verbs of the command line, is not translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are, by their codes."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


def language_mistake(code: str) -> str:
    """What to write instead of a language that the bot does not speak; empty for one that it does."""
    return "" if code in languages() else f"write one of {', '.join(languages())}"


def language() -> str:
    """The code of the language that is spoken here."""
    return _language.get()


def use_language(code: str) -> None:
    """Speak this language from here on, in this task and those it starts."""
    _language.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language within the block. An empty code changes nothing."""
    before = _language.set(code or language())
    try:
        yield
    finally:
        _language.reset(before)


def _(text: str) -> str:
    """The text in the language that is spoken here. Variables in it, such as `{title}`, are filled in afterwards."""
    code = _language.get()
    return text if code == ENGLISH else _catalogue(code).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for this number of things, in the language that is spoken here."""
    code = _language.get()
    if code == ENGLISH:
        return one if count == 1 else many
    return _catalogue(code).ngettext(one, many, count)


def html_language() -> str:
    """The language as pages name it: English is British."""
    code = _language.get()
    return "en-GB" if code == ENGLISH else code


def script_words() -> Mapping[str, str]:
    """The texts of the pages' scripts, each with its translation; none in English, which the scripts have."""
    code = _language.get()
    return {} if code == ENGLISH else _script_words(code)


def pending(text: str) -> str:
    """Mark a text to be translated where it is said, as in a table of texts."""
    return text


@cache
def _catalogue(code: str) -> NullTranslations:
    """A language's translations. An unknown one has none: chats outlive the languages they were planned with."""
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
