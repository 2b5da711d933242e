"""`convenor run`: chats that start in seconds, files that change meanwhile, and the files afterwards."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from adapters.room.browser_client import BrowserClient
from bot.store.database import Database
from bot.store.outputs import known_outputs
from tests.cli.run import FILES, a_chat, a_place, as_json, convenor, ended, eventually, hosting, put, soon
from tests.sims.simulator import simulator


async def test_an_hour_with_files_that_change_and_what_remains(tmp_path: Path) -> None:
    place = a_place(tmp_path / "one")
    files = place / "schedules" / "s"
    put(files / "broken.toml", a_chat(soon(3600), "To be broken", "Whole?"))
    put(files / "coming.toml", a_chat(soon(3600), "Coming", "First words?"))
    put(place / "schedules" / "t" / "live.toml", a_chat(soon(3600), "Same name elsewhere", "Other?"))
    with hosting(place) as host:
        starts = soon(3)  # from when it is up, however long that took
        live = a_chat(starts, "Live", "Alpha?", "Beta?", "Gamma?", length="31s", every="10s")
        put(files / "live.toml", live)
        host.shows("s/live", "Alpha?")
        async with BrowserClient(host.address, "s/live", "Ann") as ann:
            await ann.join()
            id = await ann.post("A1 from the clinic", question="q1")
            await ann.edit(id, "A1 from the ward")
            await ann.delete(await ann.post("too much", question="q1"))

        # while it is live: new texts count, new times do not, and a mistake in another file does no harm
        later = starts + timedelta(hours=1)
        put(
            files / "live.toml",
            a_chat(later, "Live", "Alpha?", "Beta?", "Gamma, asked better?", length="31s", every="10s"),
        )
        put(files / "broken.toml", "title = [\n")
        put(files / "coming.toml", a_chat(soon(2), "Coming", "Better words?", length="2s"))
        put(files / "new.toml", a_chat(soon(2), "New", "Out of nowhere?", length="2s"))
        host.shows("s/coming", "Better words?")
        host.shows("s/new", "Out of nowhere?")
        host.shows("s/live", "Gamma, asked better?")
        ended(convenor("backup", "backup.db", cwd=place), 0)
        assert "end it first" in ended(convenor("restore", "backup.db", "--yes", cwd=place), 2).stderr
        host.shows("s/live", "That is the end of our chat.")
        assert host.end() == 0
        assert host.process.stdout
        assert "Traceback" not in "".join(host.err)
        assert any("schedules.problem" in line and "broken.toml" in line for line in host.err)

    chats = {one["chat"]: one for one in as_json(convenor("status", "--json", cwd=place), 1)["chats"]}
    assert set(chats) == {"s/live", "s/broken", "s/coming", "s/new", "t/live"}
    assert datetime.fromisoformat(chats["s/live"]["starts"]) == starts
    assert [(post["key"], post["state"]) for post in chats["s/live"]["posts"]] == [
        (key, "sent") for key in ("welcome", "rules", "q1", "q2", "q3", "closing")
    ]
    for post, due in zip(chats["s/live"]["posts"][2:], (1, 11, 21, 31), strict=True):
        late = datetime.fromisoformat(post["at"]) - (starts + timedelta(seconds=due))
        assert timedelta(0) <= late < timedelta(minutes=1), "a question keeps its time, as well as the machine lets it"
    assert {post["state"] for post in chats["s/broken"]["posts"]} == {"planned"}

    put(files / "live.toml", live.replace("Gamma?", "Gamma, asked better?"))
    report_export_and_import(place, tmp_path / "two")
    restored(place)


def restored(place: Path) -> None:
    """The backup that was taken during the hour has what was said, and doubts what was posted later."""
    told = ended(convenor("restore", "backup.db", "--yes", cwd=place), 0).stdout
    chats = {one["chat"]: one for one in as_json(convenor("status", "--json", cwd=place), 1)["chats"]}
    states = {post["key"]: post["state"] for post in chats["s/live"]["posts"]}
    assert states["q1"] == "sent"
    assert states["closing"] in {"sending", "ambiguous", "sent"}, "by how busy the machine is"
    assert ("may be out already" in told) == ("ambiguous" in states.values())
    assert '"A1 from the ward"' in ended(convenor("export", "s/live", cwd=place), 0).stdout
    (kept,) = place.glob("convenor.db.before-*")
    assert str(kept) in told
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        copies = {one.path for one in database.read_sync(known_outputs, "backup")}
    assert copies == {kept, place / "backup.db"}, "`forget` names both"


def report_export_and_import(place: Path, other: Path) -> None:
    """Report, export, import into another store: the report is the same, but for who was there before.

    An export has ids made anew for its chat, by which nobody can say who wrote in another.
    """
    ended(convenor("report", "s/live", "--out", "out", cwd=place), 0)
    out = place / "out"
    assert {path.name for path in out.iterdir()} == FILES
    found = json.loads((out / "transcript.json").read_text(encoding="utf-8"))
    said = [[(one["text"], one["reason"]) for one in question["messages"]] for question in found["questions"]]
    assert said == [[("A1 from the ward", "mark")], [], []]
    assert found["gaps"] == []

    exported = ended(convenor("export", "s/live", cwd=place), 0).stdout
    kinds = [json.loads(line)["type"] for line in exported.splitlines()]
    others = [kind for kind in kinds if kind != "posted"]
    assert others == ["joined", "message", "edited", "message", "deleted", "command"], (
        "the last says what was taken over"
    )
    assert kinds.count("posted") == 6

    a_place(other)
    log = put(other / "log.jsonl", exported)
    put(other / "schedules" / "s" / "live.toml", (place / "schedules" / "s" / "live.toml").read_text(encoding="utf-8"))
    # the second time changes nothing
    for became in (f"{len(kinds)} new", f"0 new, {len(kinds)} known already, which stay as they are"):
        done = ended(convenor("import", log, "--chat", "schedules/s/live.toml", cwd=other), 0)
        assert done.stdout == f"{len(kinds)} events of s/live: {became}.\n"
    ended(convenor("report", "live", "--out", "out", cwd=other), 0)
    for name in FILES:
        assert (other / "out" / name).read_bytes() == without_first_timers((out / name).read_bytes()), name
    assert ended(convenor("export", "live", cwd=other), 0).stdout == exported


def without_first_timers(file: bytes) -> bytes:
    """A file of a report without its lines about first-timers."""
    lines = file.splitlines(keepends=True)
    return b"".join(one for one in lines if b"First-timers" not in one and b'"first_timers"' not in one)


def test_a_place_without_websockets_posts_on_time_and_says_that_it_hears_nothing(tmp_path: Path) -> None:
    with simulator("discord") as sim:
        sim.tell("gateway", do="block")
        table = (
            f'[places.discord]\ntoken = "bot-token"\nguild = 500\nchannel = 600\napi_url = "{sim.address}/api/v10"\n'
        )
        sim.tell("person", by="Pretend participant A")
        admin = next(one["id"] for one in sim.ask("truth")["people"] if one["name"] == "Pretend participant A")
        place = a_place(tmp_path, more=f'admins = [{{ name = "Pretend admin", discord = "{admin}" }}]')
        put(place / "config.toml", (place / "config.toml").read_text() + table)
        with hosting(place) as host:
            eventually(lambda: len(host.out) > 1, "a line for each place")
            assert host.out[1].startswith(
                "discord: posting, not hearing. Discord's gateway cannot be reached: slash commands"
            )
            starts = soon(3)
            put(place / "schedules" / "s" / "live.toml", a_chat(starts, "Live", "Alpha?"))
            host.shows("s/live", "Alpha?")
            (post,) = eventually(
                lambda: [one for one in sim.ask("truth")["messages"] if "Alpha?" in one["content"]], "asked on Discord"
            )
            late = datetime.fromisoformat(post["at"]) - (starts + timedelta(seconds=1))
            assert timedelta(0) <= late < timedelta(minutes=1), "as well as the machine lets it"
            sim.tell("say", by="Pretend participant A", text="<@1000> help")
            (answer,) = eventually(
                lambda: [one for one in sim.ask("truth")["messages"] if "`pause`" in one["content"]],
                "an answer, because the channel is read",
            )
            assert answer["channel"] != post["channel"], "in private"
            status = ended(convenor("status", cwd=place), 0).stdout
            assert "discord: posting, not hearing since" in status
            assert "slash commands" in status
            assert host.end() == 0
        found = as_json(convenor("doctor", "--json", cwd=place), 1)
        (wrong,) = [one for one in found if one["level"] == "wrong" and one["about"] != "bot"]
        assert (wrong["about"], "WebSocket" in wrong["remedy"]) == ("discord", True)
