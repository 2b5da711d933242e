"""Translations: the catalogues are whole, and what a German chat says to people is German to the last word."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO
from zoneinfo import ZoneInfo

import msgspec
import pytest
from babel.messages.pofile import read_po

from bot import wording
from bot.chat import Host
from bot.errors import ChatFileError
from bot.local_dates import short_date, spoken_date, spoken_moment, spoken_time, zone_initials
from bot.messages import AnyEvent
from bot.reporting.files import prepare
from bot.scheduling.timeline import all_slots
from bot.translation import (
    FOLDER,
    _,
    encode_lazy,
    languages,
    lazy,
    lazy_list,
    lazy_ngettext,
    ngettext,
    script_words,
    speaking,
    translated,
    translated_error,
    use_language,
)
from docs.translating import marked_texts
from tests.fakes.chats import a_chat
from tests.german import foreign_texts
from tests.reporting.sample_events import asked, chat, said, withdrew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from babel.messages import Catalog, Message

OTHERS = [one for one in languages() if one != "en"]

STARTS = datetime(2026, 12, 8, 19, tzinfo=UTC)


@cache
def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form of a text with its translation."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from zip(message.id, message.string or (), strict=True)


def kept(text: str) -> list[str]:
    """What a translation keeps as it is: variables, commands, tags, and blanks at its ends."""
    ends = [found[0] for end in (r"^\s*", r"\s*$") if (found := re.search(end, text))]
    return ends + sorted(re.findall(r"\{\w*\}|%\(\w+\)s|`[^`]*`|</?[a-z][^>]*>", text))


# The catalogues ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_a_translation_that_somebody_has_looked_at(language: str) -> None:
    known = catalogue(language)
    open_ = [one.id for one in marked_texts() if one.id and not _is_translated(known.get(one.id))]
    assert open_ == [], "run `make messages`, then translate these"


def _is_translated(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(string for _id, string in pairs(message))


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_variables_commands_and_tags_of_its_text(language: str) -> None:
    wrong = [both for one in catalogue(language) if one.id for both in pairs(one) if kept(both[0]) != kept(both[1])]
    assert wrong == []


def test_an_unknown_language_is_english() -> None:
    with speaking("xx"):
        assert _("Nothing waits.") == "Nothing waits."


def test_a_language_is_spoken_within_its_block_only() -> None:
    with speaking("de"):
        assert ngettext("{count} answer", "{count} answers", 2) == "{count} Antworten"
        assert script_words()["Done"] == "Erledigt"
        with speaking(""):
            assert _("Nothing waits.") == "Nichts wartet."
    assert _("Nothing waits.") == "Nothing waits."
    assert script_words() == {}


def test_a_text_is_made_in_english_and_said_in_the_language_of_whoever_reads_it() -> None:
    with speaking("de"):
        made = lazy("{name} is a {what}.", name=lazy("key"), what=partial(spoken_date, STARTS, "day"))
        several = lazy_ngettext("{count} answer", "{count} answers", 2) + " [x]"
    assert (made, several) == ("key is a 8 December.", "2 answers [x]")
    with speaking("de"):
        assert translated(lazy("'{name}' is missing.", name=lazy("empty"))) == "'leer' fehlt."
        assert translated(made) == "Schlüssel is a 8. Dezember."
        assert translated(several) == "2 Antworten [x]"
        assert translated(lazy_list(["a", lazy("empty")])) == "a und leer"
        assert translated("Nothing waits.") == "Nothing waits.", "only what was made to be translated"
        broken = ChatFileError(lazy("this file cannot be written") + ": disk full.")
        assert translated_error(broken) == "diese Datei lässt sich nicht schreiben: disk full."
        assert translated_error(ChatFileError("plain")) == "plain"
    assert str(broken) == "this file cannot be written: disk full."
    assert msgspec.json.encode([made], enc_hook=encode_lazy) == b'["key is a 8 December."]'


# Variables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Sleep", "About Sleep, with Ann. Come!"),
        ("Why sleep?", "About Why sleep? With Ann. Come!"),
        ("Sleep!", "About Sleep! With Ann. Come!"),
        ("And then…", "About And then… With Ann. Come!"),
    ],
)
def test_a_sentence_goes_on_rightly_after_a_title(title: str, said: str) -> None:
    assert wording.filled("About {title}, with {hosts}. Come!", {"title": title, "hosts": "Ann"}) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{title}.", "Why?"),
        ("“{title}”. Come", "“Why?” Come"),
        ("More: {link}", "More:"),
        ("{title.__class__} {0} {} {title!r}", "{title.__class__} {0} {} {title!r}"),
        ("{other} {title}", "{other} Why?"),
    ],
)
def test_only_named_variables_are_filled_in(text: str, said: str) -> None:
    assert wording.filled(text, {"title": "Why?", "link": ""}) == said


def test_what_a_variable_stands_for_is_not_looked_at_again() -> None:
    assert wording.filled("{title} {hosts}", {"title": "{hosts}", "hosts": "Ann"}) == "{hosts} Ann"


def test_the_house_wording_has_only_variables_that_there_are() -> None:
    assert [
        one for name, text in wording.house_wording().items() for one in wording.unknown_variables(name, text)
    ] == []
    assert list(wording.unknown_variables("welcome", "{pause} {title.x}")) == ["pause", "title.x"]


# Dates ------------------------------------------------------------------------------------------------------


def test_dates_are_those_of_the_language() -> None:
    with speaking("de"):
        assert spoken_date(STARTS) == "Dienstag, 8. Dezember 2026"
        assert spoken_date(STARTS, "day") == "8. Dezember"
        assert short_date(STARTS) == "8. Dez. 2026"
        assert zone_initials(STARTS.astimezone(ZoneInfo("Europe/Berlin"))) == "MEZ"
        assert zone_initials(STARTS.astimezone(ZoneInfo("America/New_York"))) == "EST"
        assert spoken_moment(STARTS, "Europe/Vienna") == "Dienstag, 8. Dezember, 20:00 Uhr (MEZ)"
        assert spoken_moment(STARTS, "Europe/London") == "Dienstag, 8. Dezember, 19:00 Uhr (Zeit in London)"
        assert spoken_moment(datetime(2027, 7, 6, 18, tzinfo=UTC), "Europe/Berlin").endswith(", 20:00 Uhr (MESZ)")
        assert spoken_moment(STARTS, "UTC").endswith(", 19:00 Uhr (UTC)")
    assert spoken_date(STARTS) == "Tuesday 8 December 2026"
    assert spoken_moment(STARTS, "Europe/London") == "Tuesday 8 December, 19:00 (Europe/London)"


def test_other_zones_are_named_with_the_day_where_it_is_another() -> None:
    others = ("America/New_York", "Australia/Sydney")
    assert spoken_time(STARTS, "Europe/London", others) == (
        "19:00 London time (14:00 New York, Wednesday 06:00 Sydney)"
    )
    with speaking("de"):
        assert spoken_time(STARTS, "Europe/Vienna", others) == (
            "20:00 Uhr in Wien (14:00 New York, Mittwoch 06:00 Sydney)"
        )


# A German chat ----------------------------------------------------------------------------------------------


def test_the_posts_of_a_german_chat_are_german() -> None:
    plain = msgspec.structs.replace(a_chat(starts=STARTS), title="Schlaf", hosts=(Host(name="Ann"), Host(name="Bo")))
    posts = {}
    for language in ("en", "de"):
        one = msgspec.structs.replace(plain, language=language, reminders=(timedelta(hours=1), timedelta(days=1)))
        own = {name: wording.posted_text(one, name) for name in wording.house_wording()}
        posts[language] = {slot.key: slot.text for slot in all_slots(one) if slot.kind == "reminder"} | own
    assert [key for key, text in posts["de"].items() if text == posts["en"][key]] == []
    assert "Schlaf, mit Ann und Bo." in posts["de"]["welcome"]


def test_a_series_has_words_of_its_own() -> None:
    one = msgspec.structs.replace(a_chat(starts=STARTS), wording={"closing": "That was {title}."}, language="de")
    assert wording.posted_text(one, "closing") == "That was A plain chat. #plain"
    assert wording.posted_text(one, "paused").startswith("Wir machen hier kurz Pause.")


def test_the_transcript_of_a_german_chat_is_german() -> None:
    events: list[AnyEvent] = [
        *(asked(key, minutes, text=f"{key.upper()}. Pretend question?") for key, minutes in (("q1", 10), ("q2", 20))),
        asked("closing", 60, text="Goodbye"),
        said("1", "Hallo", 3),
        said("2", "A1 https://example.org/a", 12, who="B"),
        *(said(f"r{n}", "ja", 13 + n, who="CDEF"[n], reply_to="2") for n in range(4)),
        said("4", "A1 spät", 25, who="B", place="room"),
        withdrew("Z"),
    ]
    pages = {}
    for language in ("en", "de"):
        one = chat(language=language)
        writers = prepare(one, events).writers
        pages[language] = tuple(_written(writers[name]) for name in ("transcript.html", "transcript.md"))
    assert (
        foreign_texts(
            pages["en"][0], pages["de"][0], said=("retend", "Hallo", "spät", "ja", "#OTalk", "example.org", "min")
        )
        == []
    )
    assert '<html lang="de"' in pages["de"][0]
    assert "Gestellt um 20:10 Uhr" in pages["de"][0]
    same = [line for line in pages["de"][1].splitlines() if line.startswith("#") and line in pages["en"][1]]
    assert [line for line in same if line != "#### X" and "retend" not in line] == []


def _written(write: Callable[[BinaryIO], object]) -> str:
    file = BytesIO()
    write(file)
    return file.getvalue().decode()


def test_the_language_of_the_settings_is_that_of_a_chat_without_one() -> None:
    use_language("de")
    try:
        assert wording.posted_text(a_chat(), "paused").startswith("Wir machen")
    finally:
        use_language("en")
