"""`convenor site`: the published chats of a store as a folder."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from bot.clock import WallClock
from bot.publication import PublicationChoice
from bot.store import chats
from bot.store.chats import ChatState
from bot.store.database import Database
from tests.cli.run import DATA, convenor, ended


def test_the_published_chats_of_a_store_are_written_once(tmp_path: Path) -> None:
    ended(convenor("import", DATA / "events.jsonl", "--chat", DATA / "chat.toml", cwd=tmp_path), 0)
    done = ended(convenor("site", "public", cwd=tmp_path), 0)
    assert done.stdout == "0 chats: 0 written, 0 taken away.\nSite: public/index.html\n"
    assert "No chat is published yet" in done.stderr
    with closing(Database(f"sqlite:///{tmp_path / 'convenor.db'}")) as database:
        published = ChatState(publication=PublicationChoice(published_at=WallClock().now()))
        database.write_sync(chats.save_state, "data/chat", published)
    done = ended(convenor("site", "public", "--json", cwd=tmp_path), 0)
    assert json.loads(done.stdout) == {"written": ["data/chat"], "removed": [], "chats": 1}
    assert (tmp_path / "public/data/chat.html").is_file()
    assert ended(convenor("site", "public", cwd=tmp_path), 0).stdout.startswith("1 chat: 0 written")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    assert "no site of Convenor's" in ended(convenor("site", "mine", cwd=tmp_path), 2).stderr
