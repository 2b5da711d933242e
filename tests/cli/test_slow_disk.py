"""`convenor run` on a disk on which a sync takes a second: what is due is claimed early enough, on every place."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from statistics import median

import pytest

from bot.store.database import Database
from tests.cli.run import a_chat, eventually, hosting, put, soon
from tests.cli.slowness import slowness
from tests.cli.test_silent_store import lateness

SLOW_DISK = Path(__file__).parents[1] / "store" / "slow_disk.c"

CHATS = {"one": ("Alpha?", "Beta?"), "two": ("Gamma?", "Delta?")}
"""Their questions. With the same ones the second would be held back as a copy of the first."""


@pytest.fixture
def slow_disk(tmp_path: Path) -> Path:
    """A library that makes the syncs of a process slow."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no gcc here, so no disk can be made slow")
    library = tmp_path / "slow_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SLOW_DISK, "-ldl"], check=True)  # noqa: S603 -- ours
    return library


def test_a_slow_disk_delays_no_question(slow_disk: Path, tmp_path: Path) -> None:
    """Two chats on three places at a time, with posts two seconds apart. None may be as late as two syncs take.

    Most wait for no sync at all, for they were claimed before. What a busy machine adds is measured, and allowed for.
    """
    rooms = "".join(f'[places.room{number}]\nplatform = "room"\nport = 0\n' for number in range(3))
    put(tmp_path / "config.toml", rooms)
    (tmp_path / "schedules").mkdir()
    Database(f"sqlite:///{tmp_path / 'convenor.db'}").close()
    environment = {"LD_PRELOAD": str(slow_disk), "SYNC_MILLISECONDS": "1000"}
    with slowness() as slow, hosting(tmp_path, **environment) as host:
        begin = soon(7)
        for name, questions in CHATS.items():
            text = a_chat(begin, name, *questions, length="6s", first="2s", every="2s")
            put(tmp_path / "schedules" / "s" / f"{name}.toml", text)
        for name in CHATS:
            host.shows(f"s/{name}", "That is the end of our chat.")
        late = eventually(lambda: lateness(f"sqlite:///{tmp_path / 'convenor.db'}"), "every post is out", 120)
        assert len(late) == 2 * 3 * 5
        assert max(late) < 2 * max(slow), (late, slow)
        assert median(late) < 0.5 * median(slow), (late, slow)
        assert host.end() == 0
