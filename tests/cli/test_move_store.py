"""`convenor move-store`: the whole store into another one, never under a running bot."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.store import chat_pictures, chats
from bot.store.database import Database
from bot.store.outputs import known_outputs
from bot.wiring.only_run import only_run
from tests.cli.run import as_json, convenor, ended
from tests.setup.pixel import PIXEL


def a_store(folder: Path) -> str:
    (folder / "config.toml").write_text("[places.room]\nport = 0\n")
    with closing(Database(f"sqlite:///{folder / 'convenor.db'}")) as database:
        database.write_sync(chats.set_fact, "secret", "word")
        database.write_sync(chat_pictures.put, "otalk/sleep", {"map.png": PIXEL})
    return f"sqlite:///{folder / 'other.db'}"


def test_everything_is_moved_once_and_the_answer_says_how_to_use_it(tmp_path: Path) -> None:
    url = a_store(tmp_path)
    said = ended(convenor("move-store", url, cwd=tmp_path), 0).stdout
    assert "meta" in said
    assert f'set `url = "{url}"` below `[store]`' in said
    assert f"The old store, sqlite:///{tmp_path / 'convenor.db'}, is as it was." in said
    with closing(Database(url)) as database:
        assert database.read_sync(chats.get_fact, "secret") == "word"
        path = database.read_sync(chat_pictures.paths, "otalk/sleep")["map.png"]
        assert database.read_sync(chat_pictures.find, path) == PIXEL
        (kept,) = database.read_sync(known_outputs, "backup")
        assert kept.path == tmp_path / "convenor.db", "`forget` names the old store"
    again = ended(convenor("move-store", url, cwd=tmp_path), 2)
    assert "not empty. It has rows in chat_pictures (1), meta (1), outputs (1)" in again.stderr
    third = as_json(convenor("move-store", f"sqlite:///{tmp_path / 'third.db'}", "--json", cwd=tmp_path))
    assert [one["table"] for one in third["tables"] if one["rows"]] == ["chat_pictures", "meta"]


@pytest.mark.parametrize("name", ["convenor.db", "other.db"])
def test_nothing_is_moved_while_a_bot_runs_on_either(tmp_path: Path, name: str) -> None:
    url = a_store(tmp_path)
    with only_run(tmp_path / name):
        assert "A bot is running on" in ended(convenor("move-store", url, cwd=tmp_path), 2).stderr
    assert not (tmp_path / "other.db").exists()


def test_nothing_is_moved_while_a_bot_runs_on_a_shared_store(tmp_path: Path, postgres_url: str) -> None:
    url = a_store(tmp_path)
    with closing(Database(postgres_url)) as database:
        database.write_sync(chats.set_fact, chats.ALIVE, WallClock().now().isoformat())
        assert "A bot is running on" in ended(convenor("move-store", postgres_url, cwd=tmp_path), 2).stderr
        database.write_sync(chats.set_fact, chats.STOPPED, WallClock().now().isoformat())
        given = {"CONVENOR_STORE__URL": postgres_url}
        assert "rows" in ended(convenor("move-store", url, cwd=tmp_path, env=given), 0).stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///convenor.db", "That is the store itself"),
        ("nonsense", "is no store; write it like"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "cannot be opened"),
    ],
)
def test_another_store_has_to_be_one(tmp_path: Path, url: str, said: str) -> None:
    a_store(tmp_path)
    done = convenor("move-store", url, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "secret" not in done.stderr + done.stdout
