"""The running bot keeps the site in the folder of its settings up to date by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.chat import Chat
from bot.messages import Author, Withdrawn
from bot.publication import PublicationChoice
from bot.settings.settings import Settings
from bot.store import chats
from bot.store.chats import ChatState
from bot.store.database import Database
from bot.store.outputs import known_outputs
from bot.transfer import import_events
from bot.wiring.site_keeper import SiteKeeper
from tests.fakes.clock import HandClock
from tests.reporting.sample_events import at, said
from tests.site.samples import NOW, held, talk


class Concerns:
    """Stands for the monitor: remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def raise_concern(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        del place, what, chat
        self.told.append(text)

    def settle_concern(self, place: str, what: str, chat: str | None = None) -> None:
        del place, what, chat
        self.told.clear()


class Kept:
    """A store, and the keeper of its site."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder, self.concerns, self.now = folder, Concerns(), NOW
        self.database = Database(url)
        settings = Settings.model_validate({"site": {"folder": str(folder)}})
        self.keeper = SiteKeeper(settings, database=self.database, clock=HandClock(NOW), monitor=self.concerns)

    def publish(self, chat: Chat, choice: PublicationChoice) -> None:
        self.database.write_sync(chats.save_state, chat.name, ChatState(publication=choice))

    def look(self) -> None:
        self.now += timedelta(hours=1)
        asyncio.run(self.keeper.run_once(self.now))

    def page(self, name: str) -> str:
        file = self.folder / f"{name}.html"
        return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def kept(store_url: str, tmp_path: Path) -> Iterator[Kept]:
    one = Kept(store_url, tmp_path / "site")
    yield one
    one.database.close()


PUBLISHED = PublicationChoice(published_at=NOW)


def stored(kept: Kept, number: int, text: str) -> Chat:
    """A chat in the store, in which A and B wrote."""
    chat = held(number)
    import_events(kept.database, chat, talk(chat, text, prefix=f"{number}-"))
    return chat


def test_the_site_follows_publication_correction_and_withdrawal(kept: Kept) -> None:
    first, second = stored(kept, 1, "We use teams"), stored(kept, 2, "We use whiteboards")
    kept.look()
    assert not kept.folder.exists(), "a draft is on no site"
    kept.publish(first, PUBLISHED)
    kept.look()
    assert "We use teams" in kept.page(first.name)
    assert not kept.page(second.name)
    kept.publish(second, PUBLISHED)
    kept.look()
    assert "We use whiteboards" in kept.page(second.name)
    assert [one.path for one in kept.database.read_sync(known_outputs, "site")] == [kept.folder]
    person = Author(id="id-A", handle="@pretend_A", name="Pretend participant A")
    import_events(kept.database, first, [Withdrawn(place="x", author=person, at=at(5000))])
    kept.look()
    assert not [one for one in kept.folder.rglob("*") if one.is_file() and b"We use" in one.read_bytes()]
    kept.publish(second, PublicationChoice(published_at=NOW, withheld=True))
    kept.look()
    assert not kept.page(second.name)
    assert kept.page(first.name)


def test_first_timers_are_those_who_wrote_in_no_earlier_chat_of_the_series(kept: Kept) -> None:
    first, second = stored(kept, 1, "We use teams"), held(2)
    minutes = 7 * 24 * 60 * 2 + 15
    import_events(kept.database, second, [said("2-1", minutes=minutes), said("2-3", minutes=minutes, who="C")])
    elsewhere = held(3, name="other/chat")
    import_events(kept.database, elsewhere, [said("3-1", minutes=minutes + 10080)])
    for chat in (first, second, elsewhere):
        kept.publish(chat, PUBLISHED)
    kept.look()
    rows = (kept.folder / "pretend/index.html").read_text(encoding="utf-8").split("<tbody>")[1]
    figures = [line.partition("</th>")[2] for line in rows.splitlines() if line.startswith("<tr>")]
    assert figures == ["<td>2</td><td>2</td><td>1</td></tr>", "<td>2</td><td>2</td><td>2</td></tr>"]
    other = (kept.folder / "other/index.html").read_text(encoding="utf-8")
    assert "<td>1</td><td>1</td><td>1</td>" in other, "another series is another series"
    assert "First-timers" in kept.page("pretend/chat-2")


def test_of_a_chat_whose_accounts_have_no_ids_any_more_nobody_says_who_was_new(kept: Kept) -> None:
    chat = held(1)
    nobody_known = Author(id="p-0123456789abcdef", handle="@pretend_A", name="Pretend participant A")
    import_events(kept.database, chat, [replace(said("1", minutes=7 * 24 * 60 + 15), author=nobody_known)])
    kept.publish(chat, PUBLISHED)
    kept.look()
    assert "<td>1</td><td>1</td><td>n/a</td>" in (kept.folder / "pretend/index.html").read_text(encoding="utf-8")
    assert "First-timers" not in kept.page(chat.name)


def test_a_look_at_an_unchanged_store_reads_no_chat_and_writes_nothing(kept: Kept) -> None:
    chat = stored(kept, 1, "We use teams")
    kept.publish(chat, PUBLISHED)
    kept.look()
    (kept.folder / "index.html").write_text("as it was left")
    kept.look()
    assert (kept.folder / "index.html").read_text() == "as it was left"


def test_a_folder_that_is_not_ours_is_told_and_tried_again(kept: Kept) -> None:
    kept.publish(stored(kept, 1, "We use teams"), PUBLISHED)
    kept.folder.mkdir()
    (kept.folder / "index.html").write_text("mine")
    kept.look()
    assert "no site of Convenor's" in kept.concerns.told[0]
    (kept.folder / "index.html").unlink()
    kept.look()
    assert kept.concerns.told == []
    assert kept.page("pretend/chat-1")
