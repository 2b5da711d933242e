"""`convenor keep`: chat files in the store, checked before they are taken, with all their versions."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import convenor, ended
from tests.setup.pixel import PIXEL

CHAT = 'title = "Sleep"\nstarts = 2099-03-05T20:00:00\n[[questions]]\ntext = "What helps?"\n'


def test_chat_files_are_put_checked_listed_shown_and_removed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[places.room]\nport = 0\n")
    series = tmp_path / "otalk"
    series.mkdir()
    (series / "series.toml").write_text('timezone = "Europe/London"\n')
    chat = series / "sleep.toml"
    chat.write_text(CHAT)

    said = ended(convenor("keep", "otalk/sleep.toml", "otalk/series.toml", cwd=tmp_path), 0)
    assert said.stdout.splitlines() == [f"otalk/{name}: version 1 is in the store." for name in ("series", "sleep")]
    chat.write_text(CHAT.replace("Sleep", "Rest"))
    ended(convenor("keep", "--by", "Pretend host A", "otalk/sleep.toml", cwd=tmp_path), 0)
    chat.write_text("title = \n")
    refused = ended(convenor("keep", "otalk/sleep.toml", cwd=tmp_path), 1)
    assert "sleep.toml:1:" in refused.stderr

    versions = json.loads(ended(convenor("keep", "--versions", "otalk/sleep", "--json", cwd=tmp_path), 0).stdout)
    assert [(one["version"], one["by"], one["gone"]) for one in versions] == [
        ("1", "the shell", False),
        ("2", "Pretend host A", False),
    ]
    assert ended(convenor("keep", "--print", "otalk/sleep@1", cwd=tmp_path), 0).stdout == CHAT
    checked = json.loads(ended(convenor("check", "store:", "--json", cwd=tmp_path), 0).stdout)
    assert [(one["chat"], one["ok"]) for one in checked] == [("otalk/series", True), ("otalk/sleep", True)]
    assert "1 chat files in the store" in ended(convenor("doctor", cwd=tmp_path), 0).stdout

    chat.write_text(f'{CHAT}image = "map.png"\nalt = "A mind map"\n')
    (series / "map.png").write_bytes(PIXEL)
    ended(convenor("keep", "otalk/sleep.toml", cwd=tmp_path), 0)
    (series / "map.png").unlink()
    checked = json.loads(ended(convenor("check", "store:otalk/sleep.toml", "--json", cwd=tmp_path), 0).stdout)
    assert checked["ok"]

    ended(convenor("keep", "--remove", "otalk/sleep", cwd=tmp_path), 0)
    assert "There is no otalk/sleep" in ended(convenor("keep", "--print", "otalk/sleep", cwd=tmp_path), 1).stderr
    assert "otalk/series" in ended(convenor("keep", "--list", cwd=tmp_path), 0).stdout
    ended(convenor("keep", cwd=tmp_path), 2)
