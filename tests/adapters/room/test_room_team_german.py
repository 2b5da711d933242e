"""The team's page in German: no English is left in its own words, whether the settings say German or the series."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.authoring.folder_files import FolderFiles
from bot.authoring.writing_advice import RULES
from bot.ports.commands import LinkAccess
from bot.ports.team_drafts import ChatForm, Draft, FormDoubt, QuestionForm
from bot.store import chat_drafts
from bot.store.database import Database
from bot.translation import speaking
from tests.adapters.conftest import make_room
from tests.adapters.room.team_browser import TeamBrowser
from tests.authoring.announcement.test_draft import KINDS, drafted
from tests.fakes.ports import FakeCore
from tests.german import english_words, foreign_texts, texts_of
from tests.team.at_work import NOW, ReadOnlyFolder, team_service, with_series

POST = """Going home: what helps?

Join #OTalk on Wednesday 12th January 2027, hosted by Cas Pretend.

Q1. Who goes home?
Q2. What gets in the way?
"""

SESSIONS = """\
title = "Going home"
starts = 2027-01-12T20:00
[[hosts]]
name = "Cas Pretend"
[[questions]]
text = "Who?"
[[sessions]]
starts = 2027-01-13T20:00
timezone = "Australia/Sydney"
"""

SAID = (
    *(
        "Pretend",
        "OTalk",
        "otalk",
        "oing home",
        "Who?",
        "Who goes home?",
        "What gets",
        "Staying",
        "pasted.txt",
        "2027-01-12",
        "BST",
        "GMT",
    ),
    *("London", "Sydney", "example.org", "convenor init", "[[hosts]]"),
)
"""What people wrote: it is in no page's own words."""

DOUBTFUL = """Reminder

Join us on Wednesday 02/03/2027 and 19 January 2027, 8:00 EST for 48 hours, and one week later. #x #y

1. 8pm: Who?
2. 8.10pm: Who goes home?
   a) Who?
   b) What gets in the way?

More.

More.

3. Who?
"""
"""An announcement with many doubts at many fields."""

ADVISED = """\
title = "Going home"
hashtag = "#goinghometalk"
starts = 2026-12-25T20:00:00
language = "en"
length = "42m"
closing = "More about going home: https://tinyurl.com/home"
[[hosts]]
name = "Cas Pretend"
[[questions]]
text = "Tell us about a patient going home. #x #y"
at = "10m"
[[questions]]
text = "WHO IS GOING HOME? And what does #z mean?"
at = "11m"
image = "a.png"
alt = "image"
[[questions]]
text = '''
✅ Going home, notwithstanding multidisciplinary organisational reconfiguration, characterise interprofessional
collaborative responsibilities underpinning institutionalised occupational participation {more}'''
at = "38m"
""".replace("{more}", "notwithstanding " * 12)
"""A chat with every kind of advice that a text alone can bring."""

WRONG = """\
title = "Going home"
starts = 2027-01-13T20:00:00
timezone = "EST"
length = 5
colour = 1
link = "x"
later = "2m"
hosts = []
[[questions]]
text = "Q3 What gets in the way?"
says = {mastodon = "Who goes home?"}
[[questions]]
at = "2h"
"""


TYPED = {"soon", "other", *(line.strip() for line in f"{ADVISED}{WRONG}{DOUBTFUL}".splitlines())}
"""What people wrote, where nothing else stands beside it."""


def title(page: str) -> str:
    """The title of a page, in which people's words and ours stand together."""
    return page.partition("<title>")[2].partition("</title>")[0]


@asynccontextmanager
async def at_work(
    root: Path, url: str, *, settings: str = "en", series: str = "", folder: type[FolderFiles] = FolderFiles
) -> AsyncIterator[TeamBrowser]:
    """Ada's browser, in which the team's link was opened, with the languages of the settings and of the series."""
    core = FakeCore()
    for key, series_of_key in (("ada", "otalk"), ("bo", "otalk"), ("all", "")):
        name = f"{key.title()} Pretend"
        core.commands.links[key] = LinkAccess(id=key * 2, series=series_of_key, name=name, role="host", team=True)
    database = Database(url)
    with speaking(settings):
        room = make_room(core, team=team_service(with_series_in(root, series), database, folder))
        await room.open()
    try:
        async with TeamBrowser(room.address) as browser:
            await browser.open("/host/ada")
            yield browser
    finally:
        await room.close()
        database.close()


def with_series_in(root: Path, language: str) -> Path:
    """Put a series into a new folder, which says that it is in this language, if one is named."""
    root.mkdir()
    file = with_series(root) / "otalk" / "series.toml"
    if language:
        file.write_text(f'language = "{language}"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    return root


async def all_pages(ada: TeamBrowser, root: Path) -> dict[str, str]:
    """Every page of the team, with all that can stand on it."""
    pages = {"calendar": ada.page, "new": await ada.open("/team/otalk/new")}
    pages["nothing"] = await ada.press("read")
    pages["empty file"] = await ada.send_file("post.txt", b"")
    pages["PDF"] = await ada.send_file("post.pdf", b"%PDF-1.7")
    await ada.open("/team/otalk/new")
    pages["broken file"] = await ada.send_file("post.docx", b"PK broken")
    pages["large file"] = await ada.send_file("post.txt", bytes(24_000_000))
    await ada.open("/team/otalk/new")
    pages["read"] = await ada.press("read", text=POST)
    draft = ada.path
    pages["source"] = await ada.open(f"{draft}/source")
    await ada.open(draft)
    await ada.press("add hosts")
    pages["more"] = await ada.press("add moderators")
    await ada.press("later")
    pages["drafts"] = ada.page
    await ada.open(draft)
    fields = {"title": "", "date": "soon", "time": "late", "length": "long", "questions.1.text": ""}
    sent = ada.fields | fields | {"hosts.1.name": "", "questions.2.text": "", "hosts.1.x": "@cas", "do": "look"}
    pages["wrong look"] = await ada.post_form(draft, sent)
    pages["wrong"] = await ada.open(draft)
    pages["text"] = await ada.open(f"{draft}/text")
    await ada.open(draft)
    pages |= await _conflicts(ada, draft)
    pages |= await _published(ada)
    pages |= await _sessions(ada, root)
    (root / "otalk" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    pages |= await _checked(ada)
    for path in ("/other", "/otalk/draft/none", "/otalk/chat/none"):
        pages[path] = await ada.open(f"/team{path}")
    await ada.open("/host/all")
    pages["no such series"] = await ada.open("/team/nothing")
    (root / "other").mkdir()
    shutil.copy(root / "otalk" / "series.toml", root / "other")
    pages["all series"] = await ada.open("/team")
    shutil.rmtree(root / "other")
    shutil.rmtree(root / "otalk")
    pages["no series"] = await ada.open("/team")
    ada.session.cookie_jar.clear()
    pages["signed out"] = await ada.open("/team")
    return pages


async def _checked(ada: TeamBrowser) -> dict[str, str]:
    """What `check` says of two texts, at their lines and beside the preview, and the reading of a doubtful one."""
    pages = {}
    await ada.open("/team/otalk/new?day=2026-12-26")
    await ada.press("empty")
    draft = ada.path
    await ada.open("/team/otalk/new")
    pages["doubts"] = await ada.press("read", text=DOUBTFUL)
    pages["doubts in the source"] = await ada.open(f"{ada.path}/source")
    for name, text in {"advice": ADVISED, "mistakes": WRONG}.items():
        await ada.open(f"{draft}/text")
        pages[f"{name} as text"] = await ada.press("keep", text=text)
        pages[name] = await ada.press("look", text=text)
    return pages


async def read_only_pages(ada: TeamBrowser) -> dict[str, str]:
    """The pages where no file can be written."""
    pages = {"read only": ada.page}
    await ada.open("/team/otalk/new?day=2027-01-12")
    await ada.press("empty")
    typed = {"title": "Going home", "hosts__1__name": "Cas Pretend", "questions__1__text": "Who goes home?"}
    pages["read only look"] = await ada.press("look", **typed)
    return pages


async def _conflicts(ada: TeamBrowser, draft: str) -> dict[str, str]:
    """The pages of two who edit at once."""
    pages = {}
    async with TeamBrowser(ada.address) as bo:
        await bo.open("/host/bo")
        await bo.open(draft)
        right = {"title": "Going home", "date": "2027-01-12", "time": "20:00", "length": "60", "confirmed": "yes"}
        row = {"hosts.1.name": "Cas Pretend", "questions.1.text": "Who goes home?"}
        await ada.post_form(draft, ada.fields | right | row | {"do": "look"})
        pages["look"] = ada.page
        pages["conflict"] = await bo.press("look", title="Staying", time="19:00", length="30", link="x", hashtag="#x")
        await bo.open(f"{draft}/text")
        await ada.open(draft)
        await ada.press("look", closing="Going home")
        pages["text conflict"] = await bo.press("keep")
    return pages


async def _published(ada: TeamBrowser) -> dict[str, str]:
    """The pages of a chat that is planned."""
    pages = {"saved": await ada.press("publish")}
    chat = ada.path.partition("?")[0]
    pages["link"] = await ada.press("link")
    pages["off"], pages["texts"] = await ada.open(f"{chat}/off"), await ada.open(f"{chat}/texts")
    pages["version"], pages["advice page"] = await ada.open(f"{chat}/version/1"), await ada.open("/team/otalk/advice")
    pages["no version"] = await ada.open(f"{chat}/version/99")
    await ada.open(chat)
    pages["speed"] = await ada.press("rehearse", speed="fast")
    await ada.open(chat)
    pages["rehearsal"] = await ada.press("rehearse")
    await ada.press("stop")
    await ada.open(chat)
    pages["change"] = await ada.press("edit")
    pages["change look"] = await ada.press("look", title="Staying")
    return pages


async def _sessions(ada: TeamBrowser, root: Path) -> dict[str, str]:
    """The pages of a chat with two sessions, one with mistakes, and one that has another version meanwhile."""
    file = root / "otalk" / "home.toml"
    file.write_text(SESSIONS)
    chat = "/team/otalk/chat/home"
    pages = {"sessions": await ada.open(chat), "sessions off": await ada.open(f"{chat}/off")}
    pages["no session"] = await ada.press("off", session="otalk/other")
    pages["calendar with sessions"] = await ada.open("/team/otalk")
    await ada.open(chat)
    await ada.press("edit")
    await ada.press("look", title="Staying")
    look = ada.path
    file.write_text(SESSIONS + "# mine\n")
    pages["not saved"] = await ada.press("publish")
    pages["newer"] = await ada.open(look)
    file.unlink()
    pages["removed"] = await ada.open(look)
    file.write_text("title =\n")
    pages["mistakes"], pages["calendar with all"] = await ada.open(chat), await ada.open("/team/otalk")
    pages["no texts"] = await ada.open(f"{chat}/texts")
    return pages


async def test_no_english_is_left_on_the_german_page(tmp_path: Path) -> None:
    found = {}
    for language in ("en", "de"):
        root, url = tmp_path / language, f"sqlite:///{tmp_path / language}.db"
        async with at_work(root, url, settings=language) as ada:
            found[language] = await all_pages(ada, root)
        async with at_work(tmp_path / f"{language}2", f"{url}2", settings=language, folder=ReadOnlyFolder) as ada:
            found[language] |= await read_only_pages(ada)
    left = {path: {*foreign_texts(found["en"][path], page, SAID)} - TYPED for path, page in found["de"].items()}
    assert {path: texts for path, texts in left.items() if texts} == {}
    assert [path for path, page in found["de"].items() if title(page) == title(found["en"][path])] == []
    assert all('<html lang="de">' in page for page in found["de"].values())
    assert ": „soon“ ist kein Datum. Schreiben Sie es wie 2027-01-05." in found["de"]["wrong look"]
    assert '<p class="words" dir="auto" lang="en-GB">Q1. Tell us about' in found["de"]["advice"]
    assert '<span lang="en-GB">&#34;What helps when …? Please' in found["de"]["advice"]
    assert found["de"]["doubts"].count('<p class="doubt') >= 9
    told = [name for name in RULES if f'value="ignore {name}"' in found["de"]["advice"]]
    assert [name for name in RULES if name not in told] == ["clash"], "it needs another chat"
    assert "Noch nicht gespeichert: " in found["de"]["read"], "what the script says is German, too"


async def test_every_kind_of_doubt_is_german_on_the_page(tmp_path: Path, sqlite_url: str) -> None:
    with speaking("de"):
        found = {
            one.why: one for text, series in KINDS for each in drafted(text, series).doubts if (one := each.spoken())
        }
    doubts = tuple(
        FormDoubt(field=one.field, line=one.line, said=one.said, why=one.why, settled=one.settled)
        for one in found.values()
    )
    questions = tuple(QuestionForm(text=f"Frage {number}?", number=number) for number in range(1, 5))
    form = ChatForm(title="Schlaf", date="2027-01-12", time="20:00", hashtag="#OTalk", questions=questions)
    async with at_work(tmp_path / "chats", sqlite_url, series="de") as ada:
        database = Database(sqlite_url)
        draft = Draft(series="otalk", form=form, doubts=doubts, source="Schlaf", looked=True)
        id = await database.write("outgoing", chat_drafts.add, draft, NOW, "Ada Pretend")
        database.close()
        page = await ada.open(f"/team/otalk/draft/{id}")
    texts = texts_of(page)
    assert len(found) >= 45
    assert [why for why in found if not any(one.endswith(why) for one in texts)] == []
    assert [one for one in texts if english_words(one)] == []


async def test_a_holiday_is_told_in_german(tmp_path: Path, sqlite_url: str) -> None:
    async with at_work(tmp_path / "chats", sqlite_url, series="de") as ada:
        file = tmp_path / "chats" / "otalk" / "series.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("Tuesday", "Friday"), encoding="utf-8")
        page = await ada.open("/team/otalk")
        assert "Dort ein Feiertag: Christmas Day" in page
        assert "Freitag, 25. Dezember 2026" in page


@pytest.mark.parametrize(
    ("settings", "series", "spoken"), [("de", "", "de"), ("en", "de", "de"), ("de", "en", "en-GB"), ("en", "", "en-GB")]
)
async def test_the_page_has_the_language_of_the_series_or_of_the_settings(
    tmp_path: Path, sqlite_url: str, settings: str, series: str, spoken: str
) -> None:
    heading = {"de": '<h2 id="ahead-h">Demnächst</h2>', "en-GB": '<h2 id="ahead-h">Coming up</h2>'}[spoken]
    async with at_work(tmp_path / "chats", sqlite_url, settings=settings, series=series) as ada:
        assert heading in ada.page
        (tmp_path / "chats" / "otalk" / "home.toml").write_text("title =\n")
        for path in ("", "/new", "/chat/home", "/chat/none", "/draft/none"):
            assert f'<html lang="{spoken}">' in await ada.open(f"/team/otalk{path}"), path
