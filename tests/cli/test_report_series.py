"""`convenor report --series`: the figures of a series over time."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from bot.store.database import Database
from bot.store.outputs import known_outputs
from tests.cli.run import DATA, convenor, ended


def test_a_series_over_time_with_its_first_timers(tmp_path: Path) -> None:
    ended(convenor("import", DATA / "events.jsonl", "--chat", DATA / "chat.toml", cwd=tmp_path), 0)
    done = ended(convenor("report", "--series", "data", cwd=tmp_path), 0)
    assert done.stdout == "1 chat: out/data/series.html\n"
    (chat,) = json.loads((tmp_path / "out/data/series.json").read_bytes())["chats"]
    assert chat["first_timers"] == chat["participants"] > 0
    assert "The series over time" in (tmp_path / "out/data/series.html").read_text(encoding="utf-8")
    with closing(Database(f"sqlite:///{tmp_path / 'convenor.db'}")) as database:
        assert [(one.kind, one.chat) for one in database.read_sync(known_outputs, "series")] == [("series", "data")]
    ended(convenor("report", "chat", cwd=tmp_path), 0)
    numbers = json.loads((tmp_path / "out/data/chat/numbers.json").read_bytes())
    assert numbers["first_timers"] == chat["first_timers"]
    assert "Series in the store: data" in ended(convenor("report", "--series", "nothing", cwd=tmp_path), 2).stderr
    assert "Name a chat, or a series" in ended(convenor("report", cwd=tmp_path), 2).stderr
