"""The team's page over a real socket, without JavaScript, with the real service behind it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.authoring.folder_files import FolderFiles
from bot.authoring.writing_advice import RULES
from bot.commands.kept_texts import StoredKeptTexts
from bot.ports.commands import Answer, LinkAccess
from bot.store.database import Database
from tests.adapters.conftest import make_room
from tests.adapters.room.team_browser import TeamBrowser
from tests.adapters.room.test_room_valid import faults
from tests.fakes.ports import FakeCore
from tests.team.at_work import ReadOnlyFolder, team_service, with_series

POST = """Going home: what helps?

Join #OTalk on Wednesday 12th January 2027, hosted by Cas Pretend.

Q1. Who goes home well?
Q2. What <b>gets</b> in the way?
"""

HOME = "/team/otalk/chat/home"
CHAT = 'title = "Going home"\nstarts = 2027-01-12T20:00\n[[questions]]\ntext = "Who?"\n'
SESSIONS = """\
title = "Going home"
starts = 2027-01-12T20:00
[[questions]]
text = "Who?"
[[sessions]]
starts = 2027-01-13T20:00
timezone = "Australia/Sydney"
"""


@pytest.fixture
def core() -> FakeCore:
    made = FakeCore()
    for key, name in (("ada", "Ada Pretend"), ("bo", "Bo Pretend")):
        made.commands.links[key] = LinkAccess(id=key * 2, series="otalk", name=name, role="host", team=True)
    return made


@pytest.fixture
def folder() -> type[FolderFiles]:
    return FolderFiles


@pytest.fixture
async def ada(core: FakeCore, tmp_path: Path, sqlite_url: str, folder: type[FolderFiles]) -> AsyncIterator[TeamBrowser]:
    """Ada's browser, in which the team's link was opened."""
    database = Database(sqlite_url)
    kept = StoredKeptTexts(database, core.clock)
    room = make_room(core, team=team_service(with_series(tmp_path), database, folder), kept_texts=kept)
    await room.open()
    async with TeamBrowser(room.address) as browser:
        await browser.open("/host/ada")
        yield browser
    await room.close()
    database.close()


async def rehearsed(ada: TeamBrowser, chat: str) -> str:
    """The page of a chat while its rehearsal is on."""
    await ada.open(chat)
    page = await ada.press("rehearse")
    await ada.press("stop")
    return page


async def begun(ada: TeamBrowser) -> None:
    """A draft with all that a chat needs, open in the form."""
    await ada.open("/team/otalk/new?day=2027-01-12")
    await ada.press("empty")
    await ada.press(
        "add questions", title="Going home", hosts__1__name="Cas Pretend", questions__1__text="Who goes home?"
    )


async def test_from_a_pasted_post_to_a_scheduled_chat(ada: TeamBrowser, tmp_path: Path) -> None:
    assert ada.path == "/team/otalk"
    await ada.open("/team/otalk/new")
    page = await ada.press("read", text=POST)
    assert "12 January 2027 is a Tuesday" in page
    assert (ada.fields["date"], ada.fields["questions.2.text"]) == ("2027-01-12", "What <b>gets</b> in the way?")
    assert "<b>gets" not in page, "nothing of it is shown raw"
    page = await ada.press("look")
    assert "publish" not in ada.buttons
    assert "say that they are right" in page
    await ada.open(ada.path.removesuffix("/look"))
    page = await ada.press("look", confirmed="yes")
    assert "Q2. What &lt;b&gt;gets&lt;/b&gt; in the way? #OTalk" in page
    page = await ada.press("publish")
    assert "It is saved." in page
    assert (tmp_path / "otalk" / "2027-01-12-going-home-what-helps.toml").is_file()
    page = await ada.press("link")
    assert page.count("/host/") == 2
    assert "Going home: what helps?" in await ada.open("/team/otalk")


async def test_buttons_add_and_move_questions_and_keep_what_was_typed(ada: TeamBrowser) -> None:
    await begun(ada)
    await ada.press("up questions.2", questions__2__text="Who stays?")
    assert [ada.fields[f"questions.{n}.text"] for n in (1, 2)] == ["Who stays?", "Who goes home?"]
    assert ada.fields["title"] == "Going home"


async def test_a_half_written_form_is_there_after_a_restart_and_on_another_device(ada: TeamBrowser) -> None:
    await begun(ada)
    async with TeamBrowser(ada.address) as bo:
        await bo.open("/host/bo")
        assert "Going home" in bo.page
        await bo.open(ada.path.partition("?")[0])
        assert bo.fields["questions.1.text"] == "Who goes home?"


async def test_two_who_edit_at_once_see_both_and_choose(ada: TeamBrowser) -> None:
    await begun(ada)
    async with TeamBrowser(ada.address) as bo:
        await bo.open("/host/bo")
        await bo.open(ada.path.partition("?")[0])
        await ada.press("later", title="Going home slowly")
        page = await bo.press("look", title="Staying")
        assert bo.status == 409
        assert "Ada Pretend has changed this draft meanwhile" in page
        assert "Going home slowly" in page
        assert bo.fields["title"] == "Staying"
        await bo.press("later")
    assert "Staying" in await ada.open("/team/otalk")


async def test_a_colleagues_draft_of_a_chat_is_named_and_can_be_left(ada: TeamBrowser, tmp_path: Path) -> None:
    file = tmp_path / "otalk" / "home.toml"
    file.write_text(CHAT)
    async with TeamBrowser(ada.address) as bo:
        await bo.open("/host/bo")
        await bo.open(HOME)
        await bo.press("edit")
        await bo.press("later", title="Going home slowly")
        await bo.open(HOME)
        await bo.post_form(HOME, {"do": "edit"})
        assert bo.fields["title"] == "Going home slowly", "one's own is gone on with"
    await ada.open(HOME)
    assert "Go on with the draft of <bdi>Bo Pretend</bdi>" in ada.page
    await ada.post_form(HOME, {"do": "edit"})
    assert ada.path == HOME, "a page from before Bo's draft shows it, too"
    file.write_text(CHAT + "# by hand\n")
    await ada.open(HOME)
    assert "Last changed by <bdi>Bo Pretend</bdi> on Monday 30 November 2026, 09:00" in ada.page
    assert "The chat's file was changed since" in ada.page
    chat = ada.page
    await ada.press("anew")
    assert ada.fields["title"] == "Going home"
    assert "changed since" not in ada.page
    await ada.open(chat.partition('id="drafts"')[2].partition('<a href="')[2].partition('"')[0])
    assert ada.fields["title"] == "Going home slowly"
    assert "The chat's file was changed since" in ada.page
    await ada.press("look")
    assert "Yours" not in ada.page
    assert "<summary>This draft, last changed by Bo Pretend</summary>" in ada.page
    assert "<dt>Title</dt>" in ada.page, "what is different is said without the text of the files"


async def test_a_version_is_shown_as_a_chat_with_its_text_behind_it(ada: TeamBrowser, tmp_path: Path) -> None:
    (tmp_path / "otalk" / "home.toml").write_text("title = Going home\n")
    await ada.open(HOME)
    await ada.press("edit")
    await ada.press("look", text=CHAT.replace("Who?", "Who <else>?"))
    await ada.press("publish")
    page = await ada.open(f"{HOME}/version/2")
    shown, _details, raw = page.partition("<details>")
    assert '<dd dir="auto">Tuesday 12 January 2027</dd>' in shown
    assert "<ol><li>Who &lt;else&gt;?</li></ol>" in shown
    assert "[[questions]]" not in shown
    assert "[[questions]]" in raw
    page = await ada.open(f"{HOME}/version/1")
    assert "can only be shown as text" in page
    assert "<details open><summary>The file as text" in page


async def test_words_that_came_too_late_are_there_after_a_reload_until_one_has_chosen(ada: TeamBrowser) -> None:
    await begun(ada)
    draft, script = ada.path.partition("?")[0], {"Accept": "application/json"}
    async with TeamBrowser(ada.address) as bo:
        await bo.open("/host/bo")
        await bo.open(draft)
        await ada.press("later", title="Going home slowly")
        for title in ("Stay", "Staying"):
            late = bo.fields | {"title": title}
            async with bo.session.post(bo.address + draft, data=late, headers=script) as answer:
                assert answer.status == 409
                assert "Load this page again to see both" in (await answer.json())["problem"]
        await bo.open(draft)
        assert "Going home slowly" in bo.page, "the other version is beside it"
        assert bo.fields["title"] == "Staying"
        await ada.open(draft)
        assert (ada.fields["title"], "leave" in ada.buttons) == ("Going home slowly", False), "nobody else sees it"
        chosen, ada_s = bo.fields, ada.fields
        await bo.press("leave")
        assert (bo.fields["title"], "leave" in bo.buttons) == ("Going home slowly", False)
        await bo.press("look", title="", revision="1")
        await bo.open(draft)
        assert "leave" in bo.buttons
        await bo.press("later", title="Staying")
        await bo.open(draft)
        assert (bo.fields["title"], "leave" in bo.buttons) == ("Staying", False)
        assert chosen["kept"]
        await bo.press("look", title="Staying on", revision="1")
        await ada.open(f"{draft}/look")
        await ada.press("discard")
        await bo.open(draft)
        assert (bo.status, '<dd dir="auto">Staying on</dd>' in bo.page) == (404, True)
        async with ada.session.post(ada.address + draft, data=ada_s | {"title": "Later"}, headers=script) as answer:
            assert (answer.status, "words are kept" in (await answer.json())["problem"]) == (404, True)
        assert "Later</dd>" in await ada.open(draft)
        assert "Staying on" not in ada.page


async def test_the_script_keeps_a_form_and_learns_of_another_revision(ada: TeamBrowser) -> None:
    await begun(ada)
    url, fields = ada.address + ada.path.partition("?")[0], ada.fields
    script = {"Accept": "application/json"}
    async with ada.session.post(url, data=fields | {"title": "Kept"}, headers=script) as answer:
        assert (answer.status, await answer.json()) == (200, {"revision": int(fields["revision"]) + 1})
    async with ada.session.post(url, data=fields | {"title": "Late"}, headers=script) as answer:
        assert answer.status == 409
        assert "has changed this draft" in (await answer.json())["problem"]
    await ada.open(url.removeprefix(ada.address))
    assert ada.fields["title"] == "Late", "both are there to choose from"
    await ada.press("leave")
    assert ada.fields["title"] == "Kept"


async def test_the_text_shows_its_mistakes_at_their_lines_and_is_kept_as_it_is(ada: TeamBrowser) -> None:
    await begun(ada)
    path = ada.path.partition("?")[0]
    await ada.open(f"{path}/text")
    page = await ada.press(
        "keep", text='# mine\ntitle = "Going home"\nstarts = tomorrow\n[[questions]]\ntext = "Who?"\n'
    )
    assert '<p class="facts">Line 3</p>' in page
    page = await ada.open(f"{path}/look")
    assert f'<a href="{path}/text">Line 3</a>: ' in page
    assert "Title</a>:" not in page
    await ada.open(f"{path}/text")
    assert ada.fields["text"].startswith("# mine\n")
    await ada.open(path)
    assert ada.path.endswith("/text"), "there is no form as long as it is no TOML"
    await ada.press("look", text=ada.fields["text"].replace("tomorrow", "2027-01-12"))
    assert "publish" in ada.buttons


async def test_advice_that_is_not_wanted_is_switched_off_for_this_chat(ada: TeamBrowser) -> None:
    await begun(ada)
    page = await ada.press("look", questions__1__text="What " + "really " * 25 + "helps?")
    assert 'form="save" name="do" value="ignore long"' in page
    why = '<a href="/team/otalk/advice#long">Why?<span class="unseen"> It has 27 words'
    assert why in page
    shown, draft = ada.path, ada.path.removesuffix("/look")
    assert why in await ada.open(draft)
    page = await ada.open("/team/otalk/advice")
    for name in RULES:
        assert page.count(f'<span id="{name}"></span>') == 1
    assert "Up to 25 words, and plain ones.</dt><dd>People read while they write.</dd>" in page
    await ada.open(shown)
    fields = {name: ada.fields[name] for name in ("token", "revision")} | {"do": "ignore long"}
    async with ada.session.post(ada.address + ada.path, data=fields) as answer:
        assert "ignore long" not in await answer.text()
    text = await ada.open(ada.path.replace("/look", "/file"))
    assert 'ignore = ["long"]' in text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.docx", b"", "This file is empty"),
        ("post.pdf", b"%PDF-1.7", "This is a PDF"),
        ("big.txt", bytes(24_000_000), "may have 20 MB"),
    ],
    ids=["empty", "PDF", "large"],
)
async def test_a_file_that_cannot_be_read_says_what_to_send_instead(
    ada: TeamBrowser, name: str, data: bytes, words: str
) -> None:
    await ada.open("/team/otalk/new")
    assert words in await ada.send_file(name, data)
    assert ada.status in {413, 422}


async def test_a_document_that_is_sent_is_read(ada: TeamBrowser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        lines = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in ("Going home", "Q1. Who?", "Q2. Why?"))
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        package.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{lines}</w:body></w:document>')
    await ada.open("/team/otalk/new?day=2027-01-12")
    await ada.send_file("announcement.docx", packed.getvalue())
    assert [ada.fields[f"questions.{n}.text"] for n in (1, 2)] == ["Who?", "Why?"]
    assert ada.fields["date"] == "2027-01-12"


async def test_a_chat_is_called_off_by_one_who_confirms_it(core: FakeCore, ada: TeamBrowser) -> None:
    await begun(ada)
    await ada.press("look")
    await ada.press("publish")
    page = await ada.open(f"{ada.path.partition('?')[0]}/off")
    assert "stays so" in page
    core.commands.answers["cancel"] = Answer(text="Sure?", confirm="cancel sure")
    core.commands.answers["cancel sure"] = Answer(text="Called off.", done=True)
    await ada.press("off")
    assert [(one.text, one.chat, one.role) for one in core.commands.received] == [
        ("cancel", "otalk/2027-01-12-going-home", "host"),
        ("cancel sure", "otalk/2027-01-12-going-home", "host"),
    ]
    assert ada.path == "/team/otalk/chat/2027-01-12-going-home"


async def test_one_session_of_several_is_called_off_and_led(core: FakeCore, ada: TeamBrowser, tmp_path: Path) -> None:
    (tmp_path / "otalk" / "home.toml").write_text(SESSIONS)
    page = await ada.open("/team/otalk")
    assert page.count('href="/team/otalk/chat/home"') == 2
    page = await ada.open(HOME)
    assert 'href="/otalk/home"' in page
    assert 'href="/otalk/home.sydney"' in page
    assert '<label for="rehearsed">' in page
    await ada.press("link", name="Cas", session="otalk/home.sydney")
    assert "/host/" in ada.page
    page = await ada.press("link", name="Cas", session="otalk/other")
    assert (ada.status, "not in the chat" in page) == (409, True)
    core.commands.answers["cancel"] = Answer(text="Called off.", done=True)
    await ada.open(f"{HOME}/off")
    await ada.press("off", session="otalk/home.sydney")
    assert core.commands.received[-1].chat == "otalk/home.sydney"


@pytest.mark.parametrize("folder", [ReadOnlyFolder])
async def test_a_read_only_folder_is_said_and_the_file_can_be_downloaded(ada: TeamBrowser) -> None:
    assert "cannot be written here" in ada.page
    await begun(ada)
    assert "Download 2027-01-12-going-home.toml" in await ada.press("look")
    assert "publish" not in ada.buttons
    text = await ada.open(ada.path.replace("/look", "/file"))
    assert 'title = "Going home"' in text


async def test_all_its_pages_are_valid(
    ada: TeamBrowser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = {"calendar": ada.page, "new": await ada.open("/team/otalk/new")}
    pages["refused"] = await ada.press("read")
    pages["read"] = await ada.press("read", text=POST)
    draft = ada.path
    pages["add"] = await ada.press("add moderators")
    pages["wrong"] = await ada.press("look", title="", questions__2__text="What " * 60, date="soon", link="x")
    pages["again"] = await ada.open(draft)
    pages["source"], pages["advice"] = await ada.open(f"{draft}/source"), await ada.open("/team/otalk/advice")
    pages["text"] = await ada.open(f"{draft}/text")
    await ada.open(draft)
    right = {"title": "Going home", "date": "2027-01-12", "link": "", "confirmed": "yes"}
    pages["look"] = await ada.press("look", **right)
    pages["chat"] = await ada.press("publish")
    chat = ada.path.partition("?")[0]
    pages["link"] = await ada.press("link")
    pages["off"], pages["texts"] = await ada.open(f"{chat}/off"), await ada.open(f"{chat}/texts")
    pages["rehearsal"] = await rehearsed(ada, chat)
    (tmp_path / "otalk" / "home.toml").write_text(SESSIONS)
    pages["sessions"], pages["sessions off"] = await ada.open(HOME), await ada.open(f"{HOME}/off")
    pages["version"], pages["after"] = await ada.open(f"{chat}/version/1"), await ada.open("/team/otalk")
    folder = tmp_path_factory.mktemp("pages")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    assert not (found := faults(folder)), found


NEW = "/team/otalk/new"
HALF = "Going home: what helps?\n\nJoin #OTalk on"


async def test_a_half_pasted_announcement_is_found_by_the_same_link_elsewhere_and_by_no_other(ada: TeamBrowser) -> None:
    await ada.open(f"{NEW}?day=2027-01-12")
    assert "finds it again" in ada.page
    await ada.press("keep", text=HALF)
    assert "Going home: what helps? Join #OTalk on" in ada.page, "the calendar shows it among the drafts"
    async with TeamBrowser(ada.address) as second, TeamBrowser(ada.address) as bo:
        await second.open("/host/ada")
        await second.open(NEW)
        assert (second.fields["text"], second.fields["day"]) == (HALF, "2027-01-12")
        await bo.open("/host/bo")
        assert "Going home" not in bo.page
        await bo.open(NEW)
        assert bo.fields["text"] == ""


async def test_of_two_devices_the_second_sees_both_texts_and_chooses(ada: TeamBrowser) -> None:
    await ada.open(NEW)
    async with TeamBrowser(ada.address) as second:
        await second.open("/host/ada")
        await second.open(NEW)
        await ada.press("keep", text=HALF)
        page = await second.press("keep", text="Staying")
        assert (second.status, second.fields["text"]) == (409, "Staying")
        assert "Join #OTalk on</p>" in page
        await second.press("keep")
    await ada.open(NEW)
    assert ada.fields["text"] == "Staying"


async def test_a_pasted_text_is_gone_once_it_is_read_or_thrown_away(ada: TeamBrowser) -> None:
    await ada.open(NEW)
    await ada.press("read", text="")
    assert ada.status == 422
    await ada.press("read", text=POST)
    assert "/draft/" in ada.path
    await ada.open(NEW)
    assert ada.fields["text"] == ""
    await ada.press("keep", text=HALF)
    await ada.open(NEW)
    await ada.press("discard")
    assert "Going home: what helps? Join" not in ada.page
    await ada.open(NEW)
    assert ada.fields["text"] == ""


async def test_a_pasted_text_that_cannot_be_read_is_kept(ada: TeamBrowser) -> None:
    await ada.open(NEW)
    await ada.press("keep", text=HALF)
    await ada.open(NEW)
    await ada.send_file("post.pdf", b"%PDF-1.7")
    assert (ada.status, ada.fields["text"]) == (422, HALF)
    await ada.open(NEW)
    assert ada.fields["text"] == HALF


async def test_the_script_keeps_what_is_pasted_up_to_a_length(ada: TeamBrowser) -> None:
    await ada.open(NEW)
    url, fields, script = ada.address + NEW, ada.fields, {"Accept": "application/json"}
    async with ada.session.post(url, data=fields | {"text": HALF}, headers=script) as answer:
        revision = (await answer.json())["revision"]
        assert answer.status == 200
    async with ada.session.post(url, data=fields | {"text": "Late"}, headers=script) as answer:
        assert (answer.status, "another device" in (await answer.json())["problem"]) == (409, True)
    await ada.open(NEW)
    assert (ada.fields["text"], f"{HALF}</p>" in ada.page, "leave" in ada.buttons) == ("Late", True, True)
    await ada.press("leave")
    assert (ada.fields["text"], "leave" in ada.buttons) == (HALF, False)
    long = fields | {"revision": str(revision), "text": "A" * 200_001}
    async with ada.session.post(url, data=long, headers=script) as answer:
        assert (answer.status, "too long" in (await answer.json())["problem"]) == (422, True)
    await ada.open(NEW)
    assert ada.fields["text"] == HALF


async def test_the_script_keeps_the_text_of_a_file_and_learns_of_another_revision(ada: TeamBrowser) -> None:
    await begun(ada)
    path = f"{ada.path.partition('?')[0]}/text"
    await ada.open(path)
    fields, script = ada.fields, {"Accept": "application/json"}
    async with ada.session.post(ada.address + path, data=fields | {"text": "# half"}, headers=script) as answer:
        assert (answer.status, await answer.json()) == (200, {"revision": int(fields["revision"]) + 1})
    async with ada.session.post(ada.address + path, data=fields | {"text": "# late"}, headers=script) as answer:
        assert answer.status == 409
    await ada.open(path)
    assert (ada.fields["text"], "# half\n</pre>" in ada.page) == ("# late\n", True), "both are there to choose from"
    await ada.press("leave")
    assert ada.fields["text"] == "# half\n"
