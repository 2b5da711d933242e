"""A chat is carried into another store with all that is known of it: by its event log, and the file beside it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec

from bot.messages import AnyEvent, Author, Message, MessageHighlighted, MessageMoved, SummaryWritten, Withdrawn
from bot.publication import PublicationChoice
from bot.reporting.numbers import count_numbers
from bot.reporting.record import record
from bot.store import chat_pictures, chat_texts, chats, muted, private_links
from bot.store.chat_snapshot import read_snapshot
from bot.store.database import Database
from bot.transfer import export_events, import_events
from tests.cli.run import convenor, ended
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.setup.pixel import PIXEL

CHAT = a_chat(name="otalk/going-home")
A, B = Author(id="7" * 12, handle="@pretend_a", name="A Pretend"), Author(id="8" * 12, name="B Pretend")
FILE = """title    = "A plain chat"
hashtag  = "#plain"
starts   = 2026-01-13T12:00:00
timezone = "Europe/London"

[[questions]]
text = "Question 1?"
"""


def heard() -> list[AnyEvent]:
    at = NOON + timedelta(minutes=11)
    said: list[AnyEvent] = [
        Message(place="x", id=f"10{n}", author=who, text=f"A1 number {n}", at=at + timedelta(seconds=n))
        for n, who in enumerate((A, B, A))
    ]
    return [
        *said,
        MessageMoved(place="x", id="100", at=at + timedelta(hours=2), question="q2"),
        MessageHighlighted(place="x", id="102", at=at + timedelta(hours=2)),
        SummaryWritten(place="convenor", text="It went well.", at=at + timedelta(hours=2)),
        Withdrawn(place="x", author=B, at=at + timedelta(hours=3)),
    ]


def a_store(file: Path) -> str:
    """A store that knows all that one can of a chat that was called off and is withheld. Returns a link's key."""
    with closing(Database(f"sqlite:///{file}")) as database:
        import_events(database, CHAT, heard())
        state = chats.ChatState(cancelled=True, publication=PublicationChoice(withheld=True), revision=3)
        ends = CHAT.ends + timedelta(minutes=10)
        database.write_sync(chats.save_plans, [(CHAT, ends, state, CHAT)])
        link = partial(private_links.create_link, now=NOON)
        _, key = database.write_sync(partial(link, chat=CHAT.name, name="Sam", role="host"))
        database.write_sync(partial(link, chat="otalk", name="Kim", role="moderator", kind="series"))
        database.write_sync(muted.mute, "x", B.id, CHAT.name, None)
        for name in (CHAT.name, "otalk/series"):
            database.write_sync(partial(chat_texts.add, seen=None), name, f"{FILE}# map.png\n", NOON, "Sam")
        database.write_sync(chat_pictures.put, CHAT.name, {"map.png": PIXEL})
    return key


def test_all_that_is_known_of_a_chat_is_in_the_other_store_afterwards(tmp_path: Path) -> None:
    key = a_store(tmp_path / "convenor.db")
    (tmp_path / "schedules").mkdir()
    file = tmp_path / "schedules" / "otalk" / "going-home.toml"
    file.parent.mkdir()
    file.write_text(FILE, encoding="utf-8")
    said = ended(convenor("export", CHAT.name, "--ids", "--state", "state.json", cwd=tmp_path), 0).stdout
    (tmp_path / "log.jsonl").write_text(said, encoding="utf-8")
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0
    assert key not in (tmp_path / "state.json").read_text(encoding="utf-8")
    other = {"CONVENOR_STORE__URL": f"sqlite:///{tmp_path}/other.db"}
    carried = ("import", "log.jsonl", "--chat", file, "--state", "state.json")
    for _ in range(2):
        ended(convenor(*carried, cwd=tmp_path, env=other), 0)
    with (
        closing(Database(f"sqlite:///{tmp_path}/convenor.db")) as before,
        closing(Database(f"sqlite:///{tmp_path}/other.db")) as after,
    ):
        known, carried_over = (one.read_sync(read_snapshot, CHAT.name) for one in (before, after))
        assert known is not None
        assert known.state.cancelled
        assert (len(known.links), len(known.files), len(known.muted), len(known.pictures)) == (2, 2, 1, 1)
        assert carried_over == known
        access = after.read_sync(private_links.find_by_key, key, NOON)
        assert (access.name if access else None) == "Sam"
        records = [record(CHAT, export_events(one, CHAT)) for one in (before, after)]
        assert records[0].messages == records[1].messages
        assert count_numbers(records[0]) == count_numbers(records[1])
        assert [one.question for one in records[1].messages] == ["q2", "q1"]


def test_what_the_other_store_knows_already_stays(tmp_path: Path) -> None:
    a_store(tmp_path / "convenor.db")
    ended(convenor("export", CHAT.name, "--ids", "--state", "state.json", cwd=tmp_path), 0)
    rest = msgspec.json.decode((tmp_path / "state.json").read_bytes())
    rest["state"]["publication"]["withheld"] = False
    (tmp_path / "state.json").write_bytes(msgspec.json.encode(rest))
    (tmp_path / "log.jsonl").write_text("", encoding="utf-8")
    file = tmp_path / "schedules" / "otalk" / "going-home.toml"
    file.parent.mkdir(parents=True)
    file.write_text(FILE, encoding="utf-8")
    ended(convenor("import", "log.jsonl", "--chat", file, "--state", "state.json", cwd=tmp_path), 0)
    with closing(Database(f"sqlite:///{tmp_path}/convenor.db")) as database:
        known = database.read_sync(read_snapshot, CHAT.name)
        assert known is not None
        assert known.state.publication.withheld


def test_a_file_that_is_none_or_another_chat_s_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    a_store(tmp_path / "convenor.db")
    (tmp_path / "log.jsonl").write_text("", encoding="utf-8")
    file = tmp_path / "schedules" / "otalk" / "other.toml"
    file.parent.mkdir(parents=True)
    file.write_text(FILE, encoding="utf-8")
    ended(convenor("export", CHAT.name, "--ids", "--state", "state.json", cwd=tmp_path), 0)
    refused = ended(convenor("import", "log.jsonl", "--chat", file, "--state", "state.json", cwd=tmp_path), 2)
    assert "is about otalk/going-home" in refused.stderr
    (tmp_path / "state.json").write_text("{}", encoding="utf-8")
    refused = ended(convenor("import", "log.jsonl", "--chat", file, "--state", "state.json", cwd=tmp_path), 2)
    assert "no file that" in refused.stderr


def test_who_is_forgotten_is_not_in_such_a_file_any_more(tmp_path: Path) -> None:
    a_store(tmp_path / "convenor.db")
    ended(convenor("export", CHAT.name, "--ids", "--state", "state.json", cwd=tmp_path), 0)
    assert B.id in (tmp_path / "state.json").read_text(encoding="utf-8")
    done = ended(convenor("forget", f"x/{B.id}", "--yes", cwd=tmp_path), 0).stdout
    assert f"Written again: {tmp_path / 'state.json'}" in done
    assert B.id not in (tmp_path / "state.json").read_text(encoding="utf-8")
