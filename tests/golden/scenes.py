"""What is recorded: a few scenes, each driven from outside in an empty folder; what came of it, by file name."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.golden import plain
from tests.golden.program import GIVEN, KEPT, ROOT, Browser, convenor, each, eventually, helps, hosting, well
from tests.golden.room import commanded, heads, joined, offered, said

FILES = (
    *("events.jsonl", "transcript.html", "transcript.md", "transcript.json", "numbers.json"),
    *("transcript.csv", "transcript.txt", "transcript.wp.html"),
)
ROOM = '[hosting]\nlead = "0.5s"\n[places.room]\nport = 0\n'

Scene = Callable[[Path], Mapping[str, str]]


def _files(folder: Path) -> dict[str, str]:
    assert {one.name for one in folder.iterdir()} == set(FILES)
    return {name: (folder / name).read_bytes().decode() for name in FILES}


def rehearsal(folder: Path) -> Mapping[str, str]:
    """A whole rehearsal: what was seen of it, and the files."""
    (folder / "schedules" / "s").mkdir(parents=True)
    shutil.copy(GIVEN / "rehearsed.toml", folder / "schedules" / "s" / "one.toml")
    shutil.copy(GIVEN / "rehearsal.toml", folder / "schedules")
    told = well("rehearse", "schedules/s/one.toml", "--speed", 20, "--out", "out", cwd=folder)
    found = _files(folder / "out") | {"told.txt": told}
    for name in ("events.jsonl", "told.txt"):
        found[name] = plain.early(found[name])
    return {name: plain.seconds(plain.ids(plain.here(text, folder))) for name, text in found.items()}


def replay(folder: Path) -> Mapping[str, str]:
    """The example log, replayed. Nothing is replaced."""
    [chat] = (ROOT / "schedules" / "otalk").glob("2020-*.toml")
    log = ROOT / "docs" / "example" / "hour.jsonl"
    told = well("replay", log, "--chat", chat, "--out", "out", cwd=folder)
    return _files(folder / "out") | {"told.txt": told}


def logs(folder: Path) -> Mapping[str, str]:
    """Ten logs with mistakes or hostile texts, replayed; the files of each as one."""
    names = sorted(one.stem for one in (GIVEN / "logs").glob("*.jsonl"))
    chat = str(GIVEN / "logs" / "chat.toml")
    each([["replay", str(GIVEN / "logs" / f"{name}.jsonl"), "--chat", chat, "--out", name] for name in names], folder)
    found = {}
    for name in names:
        files = _files(folder / name)
        files["transcript.html"] = plain.page(files["transcript.html"])
        found[f"{name}.txt"] = "".join(f"==== {file}\n{files[file]}\n" for file in FILES)
    return found


def checks(folder: Path) -> Mapping[str, str]:
    """The series that there is, and a file and settings with mistakes."""
    shutil.copytree(ROOT / "schedules", folder / "schedules")
    (folder / "schedules" / "s").mkdir()
    shutil.copy(GIVEN / "broken.toml", folder / "schedules" / "s" / "broken.toml")
    series = [one.relative_to(folder) for one in sorted((folder / "schedules" / "otalk").glob("2*.toml"))]
    broken = "schedules/s/broken.toml"
    found = {
        "series.json": well("check", "--json", *series, cwd=folder),
        "series.txt": well("check", *series, cwd=folder),
        "broken.json": convenor("check", "--json", broken, cwd=folder).told(),
        "broken.txt": convenor("check", broken, cwd=folder).told(),
    }
    shutil.copy(ROOT / "config.example.toml", folder / "config.toml")
    found["example-settings.txt"] = convenor("status", cwd=folder).told()
    shutil.copy(GIVEN / "broken-settings.toml", folder / "config.toml")
    found["broken-settings.txt"] = convenor("status", cwd=folder).told()
    return {name: plain.here(text, folder) for name, text in found.items()}


def words(folder: Path) -> Mapping[str, str]:
    """Every word of the command line, with its help."""
    front = well("--help", cwd=folder)
    verbs = re.findall(r"(?m)^  ([a-z][a-z-]+)  ", front.partition("Before:")[2])
    return {"help.txt": f"$ convenor --help\n{front}{helps(folder, *verbs)}"}


_PAST = datetime(2020, 10, 13, 20, tzinfo=UTC)


def _store() -> tuple[str, datetime, str]:
    """The old store as SQL, when the program stopped then, and the path of a private link."""
    dump = (KEPT / "store.sql").read_text(encoding="utf-8")
    first, second = dump.splitlines()[:2]
    return dump, datetime.fromisoformat(first.rpartition(" ")[2]), second.rpartition(" ")[2]


def _loaded(folder: Path, dump: str) -> None:
    (folder / "config.toml").write_text(ROOM, encoding="utf-8")
    (folder / "schedules").mkdir()
    with closing(sqlite3.connect(folder / "convenor.db")) as database:
        database.executescript(dump)


def store(folder: Path) -> Mapping[str, str]:
    """The old store, of a day that is past on every machine: what today's program tells of it and gives out."""
    dump, stopped, _ = _store()
    _loaded(folder, plain.moved(dump, stopped, _PAST))
    no_bot = [convenor("status", *words, cwd=folder) for words in (["--json"], [])]
    assert {one.code for one in no_bot} == {1}, "no bot is running"
    found = {"status.json": plain.now(no_bot[0].out), "status.txt": no_bot[1].out}
    found["links.json"] = well("link", "s/live", "--list", "--json", cwd=folder)
    for name in ("done", "live"):
        found[f"{name}.export.jsonl"] = well("export", f"s/{name}", cwd=folder)
        found[f"{name}.told.txt"] = well("report", f"s/{name}", "--out", name, cwd=folder)
        found |= {f"{name}.{file}": text for file, text in _files(folder / name).items()}
    return {name: plain.keyed(plain.here(text, folder)) for name, text in found.items()}


def hour(folder: Path) -> Mapping[str, str]:
    """The old store, moved to today: its long chat goes on, is looked at, is led by the old link, and taken back."""
    dump, stopped, link = _store()
    now = datetime.now(UTC)
    by = now - stopped
    _loaded(folder, plain.moved(dump, stopped, now))
    found: dict[str, str] = {}
    with hosting(folder) as room:
        stranger, guest, host = (Browser(room) for _ in range(3))
        asked = "the page of the long chat"
        eventually(lambda: stranger.open("/s/live").status == 200, asked)
        joined(guest, "s/live", "Pretend guest")
        said(guest, "s/live", "I am new, and I pretend")
        found["stranger.txt"] = _lines(offered(stranger, "/", *_SCRIPTED, "/s/live/host", "/none"))
        found["guest.txt"] = _lines(offered(guest, "/", *_SCRIPTED))
        assert host.open(link).address == "/s/live/host"
        found["host.txt"] = _lines(offered(host, "/s/live/host", *_SCRIPTED, "/s/live/host/fragment", _LIVE))
        found["heads.txt"] = _lines(heads(stranger.open("/s/live"))) + _lines(heads(stranger.open("/.static/icon.svg")))
        helped = commanded(host, "s/live", "help")
        topics = re.findall(r"[:,] ([a-z ]+)(?=,|$)", helped, re.MULTILINE)
        assert {"next", "start now", "handover"} <= set(topics)
        found["help.txt"] = "\n\n".join([helped, *(_said(host, f"help {one}") for one in topics)])
        found["led.txt"] = "\n\n".join(_said(host, line) for line in _LED)
        found["shell.txt"] = convenor("log", "s/live", cwd=folder).told()
        found["status.json"] = plain.now(well("status", "s/live", "--json", cwd=folder))
    found["export.jsonl"] = well("export", "s/live", cwd=folder)
    told = {name: plain.since(plain.here(text, folder), stopped, by) for name, text in found.items()}
    told["export.jsonl"] = plain.in_kinds(told["export.jsonl"])
    return {name: plain.notices(plain.ids(text)) for name, text in told.items()}


_LIVE = "/s/live/host/stream"
_SCRIPTED = ("/healthz", "/s/live/fragment", "/s/live/stream")
"""Addresses that only scripts and machines ask for."""

_LED = (
    *("status", "held", "log", "nonsense", "mute", "skip q9", "extend 3m", "say A word from the room", "undo"),
    *("undo",) * 16,
    *("held", "approve 2", "approve 4", "resume", "next", "end", "log"),
)
"""What is said on the host's page, in this order."""


def _said(host: Browser, line: str) -> str:
    return f"> {line}\n{commanded(host, 's/live', line)}"


def _lines(found: list[str]) -> str:
    return "".join(f"{one}\n" for one in found)


SCENES: Mapping[str, Scene] = {one.__name__: one for one in (rehearsal, replay, logs, checks, words, store, hour)}
