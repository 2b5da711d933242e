"""`convenor resync`: what it says where nobody can be asked, and what the running bot found."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot.cli.resync import tell
from bot.clock import WallClock
from bot.store import chats, resyncs
from bot.store.database import Database
from bot.store.resyncs import ResyncRow, Tally
from bot.transfer import import_events
from tests.cli.run import as_json, convenor, ended, eventually
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.reporting.sample_events import said

X = '[places.room]\nport = 0\n[places.x]\nplatform = "x"\nhandle = "@pretend"\n'


def a_store(folder: Path, settings: str) -> Database:
    (folder / "config.toml").write_text(settings)
    database = Database(f"sqlite:///{folder / 'convenor.db'}")
    chat = a_chat(name="otalk/going-home")
    database.write_sync(chats.save_chat, chat, chat.ends)
    return database


def answer(database: Database, tally: Tally) -> None:
    """Answer the next comparison that is asked for, as the running bot would."""

    def asked() -> ResyncRow | None:
        now = WallClock().now()
        database.write_sync(chats.set_fact, chats.ALIVE, now.isoformat())
        return database.read_sync(resyncs.due, "x", now + timedelta(minutes=5))

    row = eventually(asked, "a comparison was asked for")
    assert row
    state = "doubtful" if tally.gone > 10 and not row.sure else "done"
    done = msgspec.structs.replace(row, state=state, position="1", tally=tally)
    database.write_sync(resyncs.save, done)


def test_a_chat_in_the_room_alone_needs_nobody_and_without_a_bot_nobody_is_asked(tmp_path: Path) -> None:
    a_store(tmp_path, "[places.room]\nport = 0\n").close()
    assert "in the room alone" in ended(convenor("resync", "going-home", cwd=tmp_path), 1).stderr
    with closing(Database(f"sqlite:///{tmp_path / 'convenor.db'}")) as database:
        import_events(database, a_chat(name="otalk/going-home"), [said("1", at=NOON)])
    refused = ended(convenor("resync", "going-home", cwd=tmp_path), 1).stderr
    assert "in the room alone" not in refused
    assert "has messages from x, which is not a place in the settings" in refused
    (tmp_path / "config.toml").write_text(X)
    assert "start `convenor run`" in ended(convenor("resync", "going-home", cwd=tmp_path), 2).stderr


def test_what_the_running_bot_found_is_told_with_its_cost(tmp_path: Path) -> None:
    with closing(a_store(tmp_path, X)) as database:
        database.write_sync(chats.set_fact, chats.ALIVE, WallClock().now().isoformat())
        found = Tally(total=20, asked=20, deleted=("1", "2"), edited=1, micros=100_000)
        bot = threading.Thread(target=answer, args=(database, found))
        bot.start()
        said = ended(convenor("resync", "going-home", cwd=tmp_path), 0).stdout
        bot.join()
        assert said == "x: 20 of 20 messages were looked at; 2 deleted, 1 edited since. It cost $0.10.\n"


def test_where_one_place_was_not_asked_what_the_other_said_is_told_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        ResyncRow(chat="otalk/going-home", place="x", step="asked 1", next_at=NOON, state="done", tally=Tally(total=5)),
        ResyncRow(chat="otalk/going-home", place="discord", step="asked 1", next_at=NOON),
    ]
    for json, words in ((False, "x: 0 of 5 messages were looked at"), (True, '"place": "x"')):
        with pytest.raises(SystemExit) as ended_with:
            tell(rows, "otalk/going-home", [], as_json=json)
        told = capsys.readouterr()
        assert words in told.out
        assert "discord was not asked: is it connected?" in told.err
        assert ended_with.value.code == 2


def test_most_of_a_chat_gone_is_told_and_left_to_a_person(tmp_path: Path) -> None:
    with closing(a_store(tmp_path, X)) as database:
        database.write_sync(chats.set_fact, chats.ALIVE, WallClock().now().isoformat())
        found = Tally(total=20, asked=20, deleted=tuple(map(str, range(15))))
        bot = threading.Thread(target=answer, args=(database, found))
        bot.start()
        told = as_json(convenor("resync", "going-home", "--json", cwd=tmp_path), 1)
        bot.join()
        assert [(one["place"], one["state"], len(one["deleted"])) for one in told] == [("x", "doubtful", 15)]
