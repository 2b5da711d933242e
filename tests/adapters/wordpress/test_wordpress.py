"""Drafts on a WordPress that keeps the truth: made once, changed in place, and every refusal in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.wordpress import client
from adapters.wordpress.client import WordPress, WordPressSettings
from bot.blog.writer import BlogChat, BlogWriter
from bot.clock import WallClock
from bot.doctor import diagnose
from bot.errors import PlatformError
from bot.settings.afterwards import WordPress as WordPressTable
from bot.settings.settings import Settings
from bot.store.blog_posts import all_posts
from bot.store.database import Database
from tests.fakes.clock import HandClock
from tests.sims.simulator import Simulator, simulator
from tests.sims.wordpress import PASSWORD, POSTS, USER
from tests.test_site_keeper import Concerns

CREATE = f"POST {POSTS}$"
SHORT = 2.0
"""Seconds for a call that is to get no answer."""


class Writing:
    """A writer of drafts, whose clock is moved by hand."""

    def __init__(self, sim: Simulator, database: Database) -> None:
        self.sim, self.database, self.clock, self.concerns = sim, database, HandClock(), Concerns()
        self.password, self.address = PASSWORD, sim.address

    async def write(
        self, transcript: str, *, digest: str = "", seconds: float = 60, title: str = "A pretend chat"
    ) -> None:
        """One look, an hour after the last."""
        self.clock.move(seconds=3600)
        settings = WordPressSettings(address=self.address, user=USER, application_password=self.password)
        blog = WordPress(settings, self.clock, seconds)
        try:
            chat = BlogChat("otalk/one", title, digest or transcript, lambda: transcript)
            known = self.database.read_sync(all_posts).get(chat.name)
            writer = BlogWriter(blog, self.database, self.concerns)
            await writer.write(chat, known, self.clock.now())
        finally:
            await blog.close()

    def posts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sim.ask("posts")
        return found

    @property
    def told(self) -> str:
        return " ".join(self.concerns.told)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("wordpress") as one:
        yield one


@pytest.fixture
def writing(sim: Simulator, sqlite_url: str) -> Iterator[Writing]:
    database = Database(sqlite_url)
    yield Writing(sim, database)
    database.close()


async def test_nothing_in_a_title_is_html(writing: Writing) -> None:
    await writing.write("<p>one</p>", title="Pretend & <b>co</b>")
    assert writing.posts()[0]["title"] == "Pretend &amp; &lt;b&gt;co&lt;/b&gt;"


async def test_a_transcript_becomes_one_draft_and_a_change_changes_it(writing: Writing) -> None:
    await writing.write("<p>one</p>")
    await writing.write("<p>one</p>")
    (post,) = writing.posts()
    assert (post["status"], post["title"]) == ("draft", "A pretend chat")
    writing.sim.tell("edit", id=post["id"], status="publish", content=f"<p>Hello.</p>{post['content']}", slug="mine")
    await writing.write("<p>two</p>")
    (post,) = writing.posts()
    assert post["status"] == "publish", "a person published it, and it stays so"
    assert post["slug"] == "mine"
    assert post["content"].startswith("<p>Hello.</p>")
    assert "<p>two</p>" in post["content"]
    assert "<p>one</p>" not in post["content"]
    assert writing.concerns.told == []


@pytest.mark.parametrize("kind", ["lost", "spoilt", "late"])
async def test_a_draft_whose_answer_was_lost_is_found_and_not_made_again(writing: Writing, kind: str) -> None:
    body = "<html>Please wait</html>" if kind == "spoilt" else ""
    writing.sim.fails(CREATE, kind, seconds=60, status=200, body=body)
    while (
        "looked for there before it is sent again" not in writing.told
    ):  # on a slow machine a look may be cut short, too
        await writing.write("<p>one</p>", seconds=SHORT if kind == "late" else 60)
    await writing.write("<p>two</p>")
    (post,) = writing.posts()
    assert "<p>two</p>" in post["content"]
    assert writing.concerns.told == []
    assert len(writing.sim.calls("POST")) == 2, "one made it, one changed it"


async def test_a_draft_that_was_never_made_is_made_after_the_look(writing: Writing) -> None:
    writing.sim.fails(CREATE, "refused")
    await writing.write("<p>one</p>")
    assert writing.posts() == []
    await writing.write("<p>one</p>")
    assert len(writing.posts()) == 1


async def test_a_store_that_forgot_its_draft_finds_it_by_its_slug(writing: Writing, tmp_path: Path) -> None:
    await writing.write("<p>one</p>")
    other = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    writing.database, before = other, writing.database
    await writing.write("<p>two</p>")
    other.close()
    writing.database = before
    (post,) = writing.posts()
    assert "<p>two</p>" in post["content"]


async def test_what_people_made_their_own_is_left_alone_and_told_when_the_record_changes(writing: Writing) -> None:
    await writing.write("<p>one</p>")
    (post,) = writing.posts()
    writing.sim.tell("edit", id=post["id"], content="<p>My own words</p>")
    await writing.write("<p>one</p>")
    assert writing.concerns.told == []
    await writing.write("<p>two</p>")
    assert "by hand" in writing.told
    assert writing.posts()[0]["content"] == "<p>My own words</p>"
    writing.concerns.told.clear()
    await writing.write("<p>two</p>")
    assert writing.concerns.told == []
    await writing.write("<p>three</p>")
    assert "by hand" in writing.told


@pytest.mark.parametrize("status", ["trash", "gone"])
async def test_a_draft_that_somebody_deleted_is_not_made_again(writing: Writing, status: str) -> None:
    await writing.write("<p>one</p>")
    (post,) = writing.posts()
    writing.sim.tell("edit", id=post["id"], status=status)
    await writing.write("<p>two</p>")
    await writing.write("<p>two</p>")
    assert "somebody deleted it" in writing.told
    assert len(writing.sim.calls("POST")) == 1


REFUSALS = [
    ({"status": 403, "body": "<html>Blocked by Pretend Security</html>"}, "security plug-in or firewall"),
    ({"status": 200, "body": "<html>Checking your browser</html>"}, "page that is no answer"),
    ({"status": 404, "body": "<html>Not found</html>"}, "any permalinks but Plain"),
    ({"status": 404, "body": '{"code": "rest_no_route", "message": "No route"}'}, "has no REST API"),
    ({"status": 301, "headers": {"Location": "https://blog.example.org/x"}}, "redirects to https://blog.example.org"),
    ({"status": 503, "body": "<html>Maintenance</html>"}, "fault of its own"),
    ({"status": 429, "headers": {"Retry-After": "7200"}}, "asked too often"),
]


@pytest.mark.parametrize(("answer", "told"), REFUSALS)
async def test_refusals_are_told_in_plain_words_and_tried_again(
    writing: Writing, answer: dict[str, Any], told: str
) -> None:
    writing.sim.fails(POSTS, "status", **answer)
    await writing.write("<p>one</p>")
    assert told in writing.told
    assert writing.posts() == []
    await writing.write("<p>one</p>")
    await writing.write("<p>one</p>")
    assert len(writing.posts()) == 1


async def test_a_wrong_password_says_where_a_new_one_is_made(writing: Writing) -> None:
    writing.password = "wrong"
    await writing.write("<p>one</p>")
    assert "Application Passwords" in writing.told
    assert "wrong" not in writing.told.replace("went wrong", "")


async def test_an_account_that_may_not_write_is_told_which_role_it_needs(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with simulator("wordpress", role="subscriber") as sim:
        writing = Writing(sim, database)
        await writing.write("<p>one</p>")
        assert "role Author or Editor" in writing.told
    database.close()


async def test_a_site_that_is_not_there(writing: Writing) -> None:
    writing.address = "http://127.0.0.1:1"
    await writing.write("<p>one</p>")
    assert "cannot be reached" in writing.told
    writing.address = writing.sim.address
    await writing.write("<p>one</p>")
    assert len(writing.posts()) == 1


async def test_a_crash_between_the_intent_and_the_answer_leads_to_a_look(writing: Writing) -> None:
    writing.sim.fails(CREATE, "late", seconds=60)
    under_way = asyncio.create_task(writing.write("<p>one</p>"))
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(writing.posts):
            await asyncio.sleep(0.01)
    under_way.cancel()
    await asyncio.wait({under_way})
    await writing.write("<p>one</p>")
    assert len(writing.posts()) == 1


def test_the_password_is_in_no_repr() -> None:
    settings = WordPressSettings(address="https://blog.example.org", user="u", application_password="secret words")
    assert "secret words" not in repr(settings)
    assert "secret words" not in str(PlatformError(repr(settings)))


async def test_an_answer_without_an_end_is_not_read_to_its_end(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_LONGEST", 1000)
    writing.sim.fails(POSTS, "status", status=200, body="[" + " " * 100_000 + "]")
    await writing.write("<p>one</p>")
    assert "page that is no answer" in writing.told
    await writing.write("<p>one</p>")
    assert len(writing.posts()) == 1


# Doctor ----------------------------------------------------------------------------------------------------


def diagnosed(address: str, password: str = PASSWORD) -> list[tuple[str, str]]:
    said = {"address": address, "user": USER, "application_password": password}
    settings = Settings.model_validate({"wordpress": said, "store": {"url": "sqlite:///nowhere/convenor.db"}})
    return [(one.level, one.text) for one in diagnose(settings, WallClock()) if one.about == "wordpress"]


def test_doctor_tries_the_login_and_writes_nothing(writing: Writing) -> None:
    ((level, text),) = diagnosed(writing.sim.address)
    assert (level, "may write drafts" in text) == ("ok", True)
    ((level, text),) = diagnosed(writing.sim.address, "wrong")
    assert (level, "application password" in text) == ("wrong", True)
    ((level, text),) = diagnosed(writing.sim.address, "")
    assert (level, "Give all three" in text) == ("wrong", True)
    ((level, text),) = diagnosed("http://127.0.0.1:1")
    assert (level != "ok", "cannot be reached" in text) == (True, True)
    assert writing.posts() == []
    with simulator("wordpress", role="subscriber") as sim:
        ((level, text),) = diagnosed(sim.address)
    assert (level, "role Author or Editor" in text) == ("wrong", True)


def test_doctor_says_nothing_of_a_blog_that_is_not_set() -> None:
    assert diagnosed("") == []


@pytest.mark.parametrize("address", ["http://blog.example.org", "http://192.168.1.5", "http://127.0.0.1.example.org"])
def test_an_address_that_would_tell_the_password_to_the_network_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        WordPressTable(address=address)


@pytest.mark.parametrize(
    "address", ["https://blog.example.org", "http://127.0.0.1:8000", "http://localhost/blog", "http://[::1]:80", ""]
)
def test_an_address_by_https_or_on_this_machine_is_taken(address: str) -> None:
    assert WordPressTable(address=address).address == address
