"""Every page of the room is valid HTML, by the Nu validator (npm's `vnu-jar`, which needs a Java). One run for all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.room.platform import Room
from bot.ports.commands import Answer
from bot.ports.views import PersonView, SessionView
from bot.reporting.contents import contents_of
from bot.reporting.cpd import sheet_of, sheet_page
from bot.reporting.files import render_page
from bot.reporting.imprint import PLAIN
from bot.reporting.record import record
from bot.site.entries import entry_of
from bot.site.pages import Site
from bot.site.pages import pages as site_pages
from tests.adapters.conftest import Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.chats import a_chat
from tests.fakes.ports import CHAT, STARTS, FakeCore, chat_view
from tests.reporting.whole_hour import whole_chat, whole_hour
from tests.site.samples import held, published

VALIDATOR = Path(__file__).parents[2] / "browser/node_modules/vnu-jar/build/dist/vnu.jar"
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m")
"""The validator runs once, for two seconds: not worth a compiler's work."""

SESSIONS = (SessionView(chat="otalk/last.sydney", starts=STARTS, timezone="Australia/Sydney", called_off=True),)


async def pages_of(core: FakeCore, client: Client, stranger: Client, host: HostBrowser) -> dict[str, str]:
    """All pages, by name, in as many states as one visit shows."""
    core.clock.move(microseconds=123_456)  # a store keeps these, and `datetime` does not take them
    shown = {"unnamed": True, "next_at": STARTS + timedelta(minutes=26), "leaders": (("room", "r1"),)}
    core.add_chat(msgspec.structs.replace(chat_view(), **shown))
    core.add_chat(
        msgspec.structs.replace(chat_view("otalk/next", state="coming"), called_off=True, starts=core.clock.now())
    )
    core.add_chat(
        msgspec.structs.replace(
            chat_view("otalk/last", state="over"), shuts=STARTS, moved_from=STARTS, sessions=SESSIONS
        )
    )
    core.add_message("119", "A1 we use video, see https://example.org\n\nand <the> telephone", place="discord")
    core.add_message("200", "How did that start?", reply_to="119", place="discord", url="https://example.org/200")
    await client.join()
    token = await client.token()
    core.held.add(str(client.room._app.sessions._tokens.loads(token)[1]))
    await client.post("A1 held", token=token)
    await client.post("A1 kept")
    own = core.heard()[-1].id
    paths = {
        "index": "/", "about": "/about", "chat": f"/{CHAT}", "error": "/nowhere",
        "posted": f"/{CHAT}?posted={own}", "reply": f"/{CHAT}?reply=discord/119", "coming": "/otalk/next",
        "over": "/otalk/last", "out": f"/{CHAT}/out",
        "edit": f"/{CHAT}/edit/{own}", "delete": f"/{CHAT}/delete/{own}", "fragment": f"/{CHAT}/fragment",
    }  # fmt: skip
    pages = {name: (await client.get(path))[1] for name, path in paths.items()}
    pages["stranger"] = (await stranger.get())[1]
    me = core.heard()[-1].author
    core.commands.links.there = (PersonView(place="room", called="the room", author=me, at=core.clock.now()),)
    core.commands.answers["say Hello"] = Answer(text="Said.", done=True, undo="undo 17", link="/host/a-key")
    await host.command("say Hello")
    pages["host"], pages["over-host"] = await host.page(), await host.page("/over")
    refused = await client.session.post(f"{client.room.address}/{CHAT}/say", data={"text": " ", "token": token})
    pages["refused"] = await refused.text()
    for number in range(100):
        core.add_message(f"9{number}", "A1 we use video")
    _, long = await stranger.get()
    earlier = long.partition('data-earlier="q1" href="')[2].partition('"')[0].replace("&amp;", "&")
    pages["earlier"] = (await stranger.get(earlier))[1]
    core.add_chat(chat_view(state="over"))
    pages["cpd"] = (await client.get(f"/{CHAT}/cpd"))[1]
    by_verb = sheet_page(sheet_of(record(a_chat(name=CHAT), [core.heard()[0]]), core.heard()[0].author.name))
    pages["cpd-file"] = _without_style(by_verb)
    pages["transcript"] = _without_style("".join(render_page(contents_of(record(whole_chat(), whole_hour())))))
    return pages | archive_pages()


def archive_pages() -> dict[str, str]:
    """Those of the archive that are not a chat's."""
    chats = [published(held(1)), published(held(2, "<b>Pretend</b> & host", name="odd & series/chat", hashtag=""))]
    entries = [entry_of((made := one.prepare(PLAIN)).record, made.figures, one.published) for one in chats]
    texts = {path.replace("/", "-"): "".join(pieces) for path, pieces in site_pages(Site(), entries).items()}
    return {f"archive-{name}": _without_style(text) for name, text in texts.items()}


def _without_style(page: str) -> str:
    """The validator knows no newer CSS."""
    return re.sub("<style>.*</style>", "", page, flags=re.DOTALL)


async def test_every_page_is_valid(
    core: FakeCore, room: Room, client: Client, new_client: Callable[[Room], Client], host: HostBrowser, tmp_path: Path
) -> None:
    pages = await pages_of(core, client, new_client(room), host)
    pages["wrong"] = pages["error"].replace(
        "<main", '<p><time datetime="2020-10-13T19:12:00.123456Z">T</time></p><main'
    )
    for name, page in pages.items():
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    found = faults(tmp_path)
    assert [one for one in found if not one.startswith("wrong")] == []
    assert ["datetime" in one for one in found] == [True], "the validator sees what it is here for"


def faults(folder: Path) -> list[str]:
    """What the validator says of the pages in a folder. It is not asked for advice on style."""
    java = shutil.which("java")
    if java is None or not VALIDATOR.exists():
        pytest.skip("no validator here: it needs `npm ci --prefix tests/browser` and a Java")
    files = map(str, sorted(folder.iterdir()))
    run = [
        java,
        *QUICK,
        "-jar",
        str(VALIDATOR),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        "--errors-only",
        *files,
    ]
    told = json.loads(subprocess.run(run, capture_output=True, check=True, timeout=300).stdout)["messages"]  # noqa: S603 -- our own arguments
    return [
        f"{Path(one['url']).name} {one.get('lastLine')}: {one['message']}: {one.get('extract', '')}" for one in told
    ]
