"""What only the owner may read: the store, an exported log, the settings; doctor tells of secrets that others may."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.log import RotatingFile
from bot.settings.secret_files import secret_files
from bot.store import chats
from bot.store.database import Database
from tests.cli.run import CONVENOR, convenor, environment
from tests.fakes.chats import a_chat


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def _lavish() -> Iterator[None]:
    """Files that are made are readable for everybody, unless somebody sees to it."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_the_store_and_the_files_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    Database(f"sqlite:///{old}").close()
    old.chmod(0o664)
    for path in (old, new):
        opened = Database(f"sqlite:///{path}")
        opened.write_sync(chats.save_chat, a_chat(), a_chat().ends)
        assert {rights(one) for one in tmp_path.glob(f"{path.name}*")} == {0o600}
        assert len(list(tmp_path.glob(f"{path.name}*"))) >= 2, "the log is there, too"
        opened.close()


def test_the_log_is_for_its_owner_alone_also_after_it_was_put_aside(tmp_path: Path) -> None:
    log = RotatingFile(tmp_path / "convenor.log", megabytes=1, kept=2)
    for _ in range(3):
        log.write("a line\n")
        log.doRollover()
    log.close()
    assert {rights(one) for one in tmp_path.iterdir()} == {0o600}


def test_only_files_with_secrets_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, secret, named = (tmp_path / name for name in ("plain.toml", "secret.toml", "token"))
    plain.write_text('[places.room]\npublic_url = "https://chat.example.org"\n', encoding="utf-8")
    secret.write_text('[places.d]\nplatform = "discord"\ntoken = "x"\n', encoding="utf-8")
    monkeypatch.setenv("CONVENOR_PLACES__D__TOKEN_FILE", str(named))
    monkeypatch.setenv("CONVENOR_SCHEDULES_FILE", str(plain))
    assert secret_files(plain) == [named]
    assert secret_files(secret) == [secret, named]
    assert secret_files(tmp_path / "none.toml") == [named]


def test_doctor_tells_of_secrets_that_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[places.room]\nport = 0\nsecret = "short"\n', encoding="utf-8")
    for mode, told in ((0o644, True), (0o600, False)):
        (tmp_path / "config.toml").chmod(mode)
        found = json.loads(convenor("doctor", "--json", cwd=tmp_path).stdout)
        assert any(one["about"] == "secrets" and "chmod 600" in one["remedy"] for one in found) is told
    weak = [one for one in found if one["about"] == "room" and one["level"] == "wrong"]
    assert len(weak) == 1
    assert "secret is weak" in weak[0]["text"]


def test_the_settings_that_init_writes_are_for_their_owner_alone(tmp_path: Path) -> None:
    convenor("init", "--yes", cwd=tmp_path)
    assert rights(tmp_path / "config.toml") == 0o600


def test_a_file_into_which_a_log_is_exported_is_for_its_owner_alone(tmp_path: Path) -> None:
    place, log = tmp_path / "place", tmp_path / "log.jsonl"
    place.mkdir()
    database = Database(f"sqlite:///{place / 'convenor.db'}")
    database.write_sync(chats.save_chat, a_chat(), a_chat().ends)
    database.close()
    with log.open("wb") as written:
        done = subprocess.run(  # noqa: S603 -- our own program
            [CONVENOR, "export", "a/b"], cwd=place, env=environment(), stdout=written, timeout=180, check=False
        )
    assert (done.returncode, rights(log)) == (0, 0o600)
