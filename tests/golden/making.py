"""Makes `kept/store.sql`: what today's program leaves in its store after two chats, one of them still on.

Only `python -m tests.golden.record --store` calls this: the store that is kept was made before a change of the code,
and that is its worth. It tells how each command was answered, so that whoever records it sees what is in it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.golden.program import GIVEN, KEPT, Browser, convenor, eventually, hosting, well
from tests.golden.room import joined, said, token
from tests.sims.simulator import Simulator, simulator

_CONFIG = """
[hosting]
lead = "0.5s"
[places.room]
port = 0
per_person = "1000/minute"
per_address = "1000/minute"
[places.x]
handle = "@OTalk_"
consumer_key = "ck"
consumer_secret = "cs"
access_token = "1000-at"
access_token_secret = "ats"
api_url = "{address}"
mentions_every = "0.2s"
search_every = "1s"
followers = true
visible_after = "1s"
[places.discord]
token = "pretend"
guild = 500
channel = 600
api_url = "http://127.0.0.1:9/api/v10"
"""

_HELD = "My patient John Smith, born 3 March 1961, NHS number 943 476 5919, lives at 12 High Street."


def make() -> str:
    """The store as SQL, after a comment with the moment when the program stopped and the path of a private link."""
    with tempfile.TemporaryDirectory() as folder, simulator("x") as x:
        place = Path(folder)
        (place / "config.toml").write_text(_CONFIG.format(address=x.address), encoding="utf-8")
        now = datetime.now(UTC)
        for name, starts in (("done", now + timedelta(seconds=4)), ("live", now + timedelta(seconds=5))):
            written = (GIVEN / f"{name}.toml").read_text(encoding="utf-8")
            target = place / "schedules" / "s" / f"{name}.toml"
            target.parent.mkdir(parents=True, exist_ok=True)
            begins = starts.replace(tzinfo=None, microsecond=0).isoformat()
            target.write_text(written.replace("2020-10-13T20:00:00", begins), encoding="utf-8")
        with hosting(place) as room:
            link = _happens(place, room, x)
        stopped = datetime.now(UTC)
        with closing(sqlite3.connect(place / "convenor.db")) as database:
            _told(database)
            dump = "\n".join(database.iterdump())
    return f"-- stopped {stopped.isoformat()}\n-- link {link}\n{dump}\n"


def save() -> None:
    """Write it where the tests look."""
    (KEPT / "store.sql").write_text(make(), encoding="utf-8")


def _happens(place: Path, room: str, x: Simulator) -> str:
    """All of it, in the order in which it is said. The path of the host's link."""

    def say(*words: str) -> None:
        done = convenor(words[0], "s/live", *words[1:], cwd=place)
        sys.stdout.write(f"{' '.join(words)!r} ({done.code}): {(done.out + done.err).strip()}\n")

    ann, bo, cy, dee = (Browser(room) for _ in range(4))
    eventually(lambda: "Welcome" in ann.open("/s/live").text, "the chat is on")
    for one, name in ((ann, "Pretend Ann"), (bo, "Pretend Bo"), (cy, "Pretend Cy")):
        joined(one, "s/live", name)
    joined(dee, "s/done", "Pretend Dee")
    said(ann, "s/live", "Hello, I am pretend")
    eventually(lambda: "Q1. " in ann.open("/s/done").text, "the first question of the short one")
    said(dee, "s/done", "An answer in the short chat")
    post = next(one for one in x.ask("truth")["posts"] if "Q1" in one["text"])
    x.tell("say", by="pretend_kate", name="Pretend Kate", followers=12, text="Me too", reply_to=post["id"])
    eventually(lambda: convenor("next", "s/live", cwd=place).code == 0, "the first question")
    first = said(ann, "s/live", "A1 It works, and I pretend")
    second = said(bo, "s/live", "So do I", reply=first)
    third = said(ann, "s/live", "Oh dear")
    ann.open("/s/live/edit", {"token": token(ann, "s/live"), "id": first, "text": "A1 It works, and I still pretend"})
    ann.open("/s/live/delete", {"token": token(ann, "s/live"), "id": third})
    said(bo, "s/live", _HELD)
    said(cy, "s/live", _HELD)
    said(cy, "s/live", "I would rather not be here")
    held = eventually(lambda: re.findall(r"^(\d+)", convenor("held", "s/live", cwd=place).out, re.MULTILINE), "held")
    sys.stdout.write(f"held: {held}\n")
    say("drop", "1")
    cy.open("/s/live/out", {"token": token(cy, "s/live")})
    say("hide", f"room/{second}")
    say("show", f"room/{second}")
    say("hold", f"room/{second}")
    later = (datetime.now(UTC) + timedelta(minutes=19)).strftime("%H:%M")
    who = {one["author"]["name"]: one["author"]["id"] for one in _heard(place)}
    for line in (
        ["extend", "5m"],
        ["extend", "2m", "q2"],
        ["at", "q3", later],
        ["skip", "q4"],
        ["skip", "q9"],
        ["edit", "q2", "In other words, what do you pretend?"],
        ["add", "What will you take with you?"],
        ["say", "A word <b>from</b> the shell"],
        ["announce"],
        ["repeat"],
        ["mute", f"room/{who['Pretend Bo']}", "30m"],
        ["ban", f"room/{who['Pretend Cy']}", "--yes"],
        ["slow", "30s"],
        ["hold-all"],
        ["handover", f"room/{who['Pretend Ann']}"],
        ["pause"],
        ["undo"],
        ["hide", f"room/{first}"],
        ["pause"],
    ):
        say(*line)
    address = json.loads(well("link", "s/live", "--name", "Pretend host", "--json", cwd=place))["url"]
    revoked = json.loads(well("link", "s/live", "--name", "Pretend deputy", "--json", cwd=place))["id"]
    well("link", "s/live", "--revoke", revoked, cwd=place)
    eventually(lambda: "end of our chat" in ann.open("/s/done").text, "the short one is over")
    eventually(lambda: "Me too" in ann.open("/s/done").text, "the reply on X is heard")
    return f"/host/{address.rpartition('/')[2]}"


def _heard(place: Path) -> list[dict[str, dict[str, str]]]:
    """The messages of the long chat, as they were heard."""
    lines = [json.loads(line) for line in well("export", "s/live", cwd=place).splitlines()]
    return [one for one in lines if one["type"] == "message"]


def _told(database: sqlite3.Connection) -> None:
    """Say how many rows each table has."""
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        [count] = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 -- a table's own name
        sys.stdout.write(f"{count:5} rows in {name}\n")
