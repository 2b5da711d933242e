"""Who may open what, for every address of the room: a private link to a chat opens that chat and nothing else, the
team's link its series, and nobody else anything that isn't public.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
from msgspec.structs import replace
from starlette.routing import Route
from yarl import URL

from adapters.room import app
from adapters.room.community import COLOURS, LOGO
from adapters.room.platform import Room
from bot.ports.commands import LinkAccess
from bot.store.database import Database
from tests.adapters.conftest import make_room
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard
from tests.team.at_work import team_service, with_series

OTHER = "otalk/2020-10-20-another"
LINKS = {
    "host": LinkAccess(id="bodega", chat=CHAT, name="Pretend Host", role="host"),
    "series": LinkAccess(id="lofiri", series="otalk", name="Pretend Deputy", role="host"),
    "team": LinkAccess(id="mirafu", series="otalk", name="Ada Pretend", role="host", team=True),
    "teams": LinkAccess(id="nolesa", name="Bo Pretend", role="host", team=True),
    "nurses": LinkAccess(id="tivogu", series="nurses", name="Cas Pretend", role="host", team=True),
}
NOBODY = "nobody"

PUBLIC = {
    *("/", "/about", "/healthz", "/readyz", "/metrics", COLOURS, LOGO, "/host/{key:path}"),
    *("/calendar.ics", "/feed.atom", "/{series}/calendar.ics", "/{series}/feed.atom", "/{series}/{name}/calendar.ics"),
    *("/{series}/{name}", "/{series}/{name}/fragment", "/{series}/{name}/stream", "/{series}/{name}/picture/{key}"),
    *("/{series}/{name}/edit/{id}", "/{series}/{name}/delete/{id}", "/{series}/{name}/out", "/{series}/{name}/cpd"),
    *("/{series}/{name}/cpd.docx", "/{series}/{name}/join", "/{series}/{name}/say", "/{series}/{name}/edit"),
    *("/{series}/{name}/delete", "/{series}/{name}/leave", "/{series}/{name}/mine", "/archive", "/archive/{path:path}"),
    *("/rehearsal/{id}", "/rehearsal/{id}/{path:path}"),
}
"""What is for everybody, or is one person's own by their cookie: other tests look at that. A rehearsal is for everybody
who knows its id; its own process decides who leads it.
"""

LEAD = {
    *("GET /{series}/{name}/host", "POST /{series}/{name}/host", "POST /{series}/{name}/host/out"),
    *("GET /{series}/{name}/host/fragment", "GET /{series}/{name}/host/over", "GET /{series}/{name}/host/stream"),
    *("GET /{series}/{name}/host/review", "POST /{series}/{name}/host/review"),
    *("GET /{series}/{name}/host/correct", "POST /{series}/{name}/host/kept"),
}
"""What is for those who lead a chat."""

TEAM = {
    *("GET /team", "POST /team/out", "GET /team/{series}", "GET /team/{series}/new", "POST /team/{series}/new"),
    "GET /team/{series}/advice",
    *("GET /team/{series}/draft/{draft}", "POST /team/{series}/draft/{draft}"),
    *("GET /team/{series}/draft/{draft}/text", "POST /team/{series}/draft/{draft}/text"),
    *("GET /team/{series}/draft/{draft}/look", "POST /team/{series}/draft/{draft}/look"),
    *("GET /team/{series}/draft/{draft}/source", "GET /team/{series}/draft/{draft}/file"),
    *("GET /team/{series}/chat/{name}", "POST /team/{series}/chat/{name}", "GET /team/{series}/chat/{name}/texts"),
    *("GET /team/{series}/chat/{name}/version/{version}", "GET /team/{series}/chat/{name}/off"),
    "POST /team/{series}/chat/{name}/off",
}
"""What is for those who plan a series."""


class House(NamedTuple):
    """A room with two chats of one series, which has a draft, and one session for each private link."""

    room: Room
    tokens: dict[str, str]
    draft: str

    def cookies(self, who: str) -> dict[str, str]:
        """The session's token under every name that a cookie of a private link has."""
        return dict.fromkeys(("convenor-lead", "convenor-team"), self.tokens[who]) if who != NOBODY else {}


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    core, database = FakeCore(), Database(sqlite_url)
    for chat in (CHAT, OTHER):
        core.add_chat(chat_view(chat))
        core.commands.dashboards[chat] = dashboard()
    tokens = {}
    for who, access in LINKS.items():
        core.commands.links[who] = access
        begun = await core.commands.links.begin(who)
        assert begun
        tokens[who] = begun[0]
    root = with_series(tmp_path)
    for name in (CHAT, OTHER):
        text = 'title = "Going home"\nstarts = 2020-10-13\n[[questions]]\ntext = "Who?"\n'
        (root / f"{name}.toml").write_text(text, encoding="utf-8")
    team = team_service(root, database)
    draft = await team.drafts.find("otalk", await team.drafts.begin("otalk", "2027-01-12", "Ada Pretend"))
    assert draft
    await team.drafts.keep(replace(draft, source="Going home"), "Ada Pretend")
    room = make_room(core, team=team)
    await room.open()
    yield House(room, tokens, draft.id)
    await room.close()
    database.close()


async def status(house: House, who: str, method: str, path: str, form: dict[str, str]) -> int:
    cookies = {"Cookie": "; ".join(f"{name}={token}" for name, token in house.cookies(who).items())}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.request(method, house.room.address + path, headers=cookies, data=form, allow_redirects=False) as answer,
    ):
        return answer.status


async def form_token(house: House, who: str) -> dict[str, str]:
    """A token that was really made for this visitor, from a page of their own."""
    page = {"host": f"/{CHAT}/host", "series": f"/{CHAT}/host", NOBODY: f"/{CHAT}"}.get(who, "/team")
    cookies = {"Cookie": "; ".join(f"{name}={token}" for name, token in house.cookies(who).items())}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(house.room.address + page, headers=cookies) as answer,
    ):
        found = re.search(r'name="token" value="([^"]+)"', await answer.text())
    return {"token": found[1]} if found else {}


def addresses(house: House) -> set[str]:
    """Every address with its methods, as the application has them."""
    found = set()
    for route in app.routes(house.room._app):
        if isinstance(route, Route):
            methods = {"GET", "POST"} if route.methods is None else route.methods - {"HEAD"}
            found |= {route.path} if route.path in PUBLIC else {f"{one} {route.path}" for one in methods}
    return found


async def test_every_address_is_in_the_table(house: House) -> None:
    assert addresses(house) == PUBLIC | LEAD | TEAM, "say in the table who may open it"


async def opened(house: House, who: str, entries: set[str], chat: str) -> set[str]:
    """The entries that this visitor may use for a chat, with their own form's token; the others are refused."""
    form, found = await form_token(house, who), set()
    series, _, name = chat.partition("/")
    for entry in sorted(entries - {"POST /team/out", "POST /{series}/{name}/host/out"}):
        method, _, pattern = entry.partition(" ")
        filled = {"series": series, "name": name, "draft": house.draft, "version": "1"}
        path = pattern.format_map(filled)
        sent = {**form, "do": "edit", "revision": "0", "say": "status"} if method == "POST" else {}
        code = await status(house, who, method, path, sent)
        if code in {403, 404}:
            continue
        assert code < 500, (entry, code)
        found.add(entry)
    return found


MISSING = {"GET /team/{series}/chat/{name}/version/{version}"}
"""There is no such version; whoever may look is told so with a 404, too."""


@pytest.mark.parametrize("who", [NOBODY, *LINKS])
async def test_a_private_link_opens_what_it_is_for_and_nothing_else(house: House, who: str) -> None:
    lead = LEAD - {"POST /{series}/{name}/host/out"}
    team = TEAM - {"POST /team/out"} - MISSING
    assert await opened(house, who, LEAD, CHAT) == (lead if who in {"host", "series"} else set())
    assert await opened(house, who, LEAD, OTHER) == (lead if who == "series" else set())
    own = {"team": team, "teams": team, "nurses": {"GET /team"}}.get(who, set())
    assert await opened(house, who, TEAM, OTHER) == own


async def test_signing_out_needs_the_page_s_own_form(house: House) -> None:
    assert await status(house, "team", "POST", "/team/out", await form_token(house, "teams")) == 403
    assert await status(house, "team", "POST", "/team/out", await form_token(house, "team")) == 303
    assert await status(house, "team", "GET", "/team/otalk", {}) == 404
    assert await status(house, "teams", "GET", "/team/otalk", {}) == 200


async def test_a_draft_is_reached_through_its_own_series_only(house: House) -> None:
    assert await status(house, "nurses", "GET", f"/team/nurses/draft/{house.draft}", {}) == 404
    assert await status(house, "teams", "GET", f"/team/nurses/draft/{house.draft}", {}) == 404
    assert await status(house, "teams", "GET", f"/team/otalk/draft/{house.draft}", {}) == 200


async def test_no_address_leads_out_of_the_folder_of_the_series(house: House) -> None:
    address = URL(f"{house.room.address}/team/%2e%2e/new", encoded=True)
    cookies = {"Cookie": f"convenor-team={house.tokens['teams']}"}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(address, headers=cookies) as answer,
    ):
        assert answer.status == 404
