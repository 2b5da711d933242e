"""A whole bot, in a process of its own, follows X and Discord, which are others: when published, after 1, 7, 30 days.

Nobody was listening when things changed there: only the comparison can find them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from bot.chat import Chat
from bot.clock import WallClock
from bot.listening.resync_plan import AT_PUBLICATION
from bot.messages import AnyEvent, Author, Message
from bot.publication import PublicationChoice
from bot.reporting.record import record
from bot.store import chats, resyncs
from bot.store.database import Database
from bot.store.resyncs import ResyncRow
from bot.transfer import export_events, import_events
from tests.cli.run import as_json, convenor, eventually, hosting
from tests.contract.settings import settings_of
from tests.fakes.chats import a_chat
from tests.sims.simulator import Simulator, simulator

DAY = timedelta(days=1)
STEPS = {AT_PUBLICATION: timedelta(0), "1 day after": DAY, "7 days after": 7 * DAY, "30 days after": 30 * DAY}
"""Each step, and how long ago its chat was published, so that it is due now."""

SAID = ("stays", "is edited", "is deleted", "is protected", "is suspended")


@pytest.fixture
def sims() -> Iterator[dict[str, Simulator]]:
    with simulator("x") as x, simulator("discord", intents_allowed=["message_content"]) as discord:
        yield {"x": x, "discord": discord}


class Followed:
    """A chat that was published some time ago, with messages on both platforms by their words."""

    def __init__(self, number: int, step: str, now: datetime) -> None:
        self.step = step
        self.published = now - STEPS[step] - timedelta(minutes=1)
        plain = a_chat(starts=self.published - 3 * DAY, name=f"otalk/followed-{number}")
        self.chat: Chat = msgspec.structs.replace(plain, places=("x", "discord"))
        self.ids: dict[str, dict[str, str]] = {"x": {}, "discord": {}}

    def hear(self, sims: dict[str, Simulator]) -> list[AnyEvent]:
        """All is said on the platforms, and was heard by a bot in its time."""
        return [self._heard(sims, place, words) for place in self.ids for words in SAID]

    def _heard(self, sims: dict[str, Simulator], place: str, words: str) -> Message:
        name = f"{words} {self.chat.name}".replace(" ", "_").replace("/", "_").replace("-", "_")
        text = f"This {words} #plain"
        id = str(sims[place].tell("say", by=name, text=text)["id"])
        self.ids[place][words] = id
        author = Author(id=f"id-of-{name}", handle=f"@{name}", name=name)
        return Message(place=place, id=id, author=author, text=text, at=self.chat.starts + timedelta(minutes=15))

    def change(self, sims: dict[str, Simulator]) -> None:
        for place, sim in sims.items():
            sim.tell("edit", id=self.ids[place]["is edited"], text="This reads better #plain")
            sim.tell("delete", id=self.ids[place]["is deleted"])
        of = self.chat.name.replace("/", "_").replace("-", "_")
        sims["x"].tell("protect", by=f"is_protected_{of}")
        sims["x"].tell("suspend", by=f"is_suspended_{of}", says_so=True)

    def store(self, database: Database, events: list[AnyEvent]) -> None:
        import_events(database, self.chat, events)
        database.write_sync(self._published)

    def _published(self, connection: Connection) -> None:
        stored = chats.find(connection, self.chat.name)
        assert stored is not None
        choice = PublicationChoice(published_at=self.published)
        chats.save_state(connection, self.chat.name, msgspec.structs.replace(stored.state, publication=choice))
        earlier = [step for step, after in STEPS.items() if after < STEPS[self.step]]
        rows = [
            ResyncRow(chat=self.chat.name, place=place, step=step, next_at=self.published, state="done")
            for place in self.ids
            for step in earlier
        ]
        resyncs.plan(connection, rows)
        for row in rows:
            resyncs.save(connection, row)

    def is_followed(self, database: Database) -> bool:
        rows = database.read_sync(resyncs.of_chat, self.chat.name, self.step)
        return {one.place for one in rows if one.state == "done"} == set(self.ids)

    def shown(self, database: Database) -> dict[str, set[str]]:
        found = record(self.chat, export_events(database, self.chat)).messages
        return {place: {one.text for one in found if one.place == place} for place in self.ids}


@pytest.fixture
def folder(tmp_path: Path, sims: dict[str, Simulator]) -> Path:
    """A place to run in: both platforms, and a folder in which records are published."""
    places = {name: settings_of(name, sim.address, direct=False) for name, sim in sims.items() if name == "x"}
    places["discord"] = settings_of("discord", sims["discord"].address)
    lines = ['[publication]\nfolder = "published"', '[site]\nfolder = ""']
    lines += [f"[places.{name}]\n{_toml(one)}" for name, one in places.items()]
    (tmp_path / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "schedules").mkdir()
    return tmp_path


def _toml(table: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {msgspec.json.encode(value).decode()}" for key, value in table.items())


def published(folder: Path, chat: Chat) -> str:
    file = folder / "published" / chat.name / "transcript.md"
    return file.read_text(encoding="utf-8") if file.exists() else ""


STAYS, BETTER, PROTECTED = "This stays #plain", "This reads better #plain", "This is protected #plain"
SUSPENDED = "This is suspended #plain"


def test_records_follow_both_platforms_at_each_step_and_when_they_are_asked_to(
    folder: Path, sims: dict[str, Simulator]
) -> None:
    now = WallClock().now()
    followed = [Followed(number, step, now) for number, step in enumerate(STEPS)]
    with closing(Database(f"sqlite:///{folder / 'convenor.db'}")) as database:
        for one in followed:
            one.store(database, one.hear(sims))
            assert all(len(texts) == len(SAID) for texts in one.shown(database).values())
            one.change(sims)
        with hosting(folder):
            for one in followed:
                eventually(partial(one.is_followed, database), f"{one.chat.name} is compared: {one.step}")
                assert one.shown(database) == {
                    "x": {STAYS, BETTER},
                    "discord": {STAYS, BETTER, PROTECTED, SUSPENDED},
                }, one.step
                eventually(partial(is_published_anew, folder, one.chat), f"{one.chat.name} is published again")
            first = followed[0]
            sims["x"].tell("protect", by="is_protected_otalk_followed_0", protected=False)
            sims["x"].tell("suspend", by="is_suspended_otalk_followed_0", suspended=False)
            sims["discord"].tell("delete", id=first.ids["discord"]["stays"])
            told = as_json(convenor("resync", first.chat.name, "--json", cwd=folder))
            assert {one["place"]: one["state"] for one in told} == {"x": "done", "discord": "done"}
            assert first.shown(database) == {
                "x": {STAYS, BETTER, PROTECTED, SUSPENDED},
                "discord": {BETTER, PROTECTED, SUSPENDED},
            }


def is_published_anew(folder: Path, chat: Chat) -> bool:
    page = published(folder, chat)
    return "reads better" in page and "is deleted" not in page and "is edited" not in page
