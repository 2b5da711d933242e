"""Helpers of the command line's tests: the real `convenor` in its own process, and chats that start now."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from bot.chat import Chat
from bot.messages import Command, Outcome
from bot.store import chats as chat_rows
from bot.store import commands
from bot.store.database import Database
from tests.cli.preloaded import preloaded
from tests.cli.started import Started

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
CONVENOR = str(Path(sys.executable).with_name("convenor"))
FILES = {
    *("transcript.html", "transcript.md", "transcript.json", "transcript.csv", "transcript.txt", "transcript.wp.html"),
    *("numbers.json", "events.jsonl"),
}

T = TypeVar("T")
Done = subprocess.CompletedProcess[str]
Running = subprocess.Popen[str] | Started


def environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of Convenor's, and with these."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CONVENOR_")} | more


def convenor(*words: object, cwd: Path, env: dict[str, str] | None = None, stdin: str | None = None) -> Done:
    """Run a verb to its end. Standard input is empty unless it is given."""
    ready, said, given = preloaded(), [*map(str, words)], environment(**(env or {}))
    if ready.suits(given):
        return Done([CONVENOR, *said], *ready.run(said, cwd=cwd, env=given, stdin=stdin))
    return subprocess.run(  # noqa: S603 -- our own program
        [CONVENOR, *said],
        cwd=cwd,
        env=given,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=180,
        check=False,
    )


def ended(done: Done, code: int) -> Done:
    """Check that it ended with this code and without a traceback."""
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def as_json(done: Done, code: int = 0) -> Any:  # noqa: ANN401 -- whatever it printed
    """Its whole output as JSON."""
    return json.loads(ended(done, code).stdout)


def eventually(ask: Callable[[], T], what: str, within: float = 60) -> T:
    """Poll until the answer is true, and return it."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {within:g} s: {what}")


def soon(seconds: float) -> datetime:
    """The time this many seconds from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


def a_chat(
    starts: datetime, title: str, *questions: str, length: str = "8s", first: str = "1s", every: str = "2s"
) -> str:
    """A chat file for a chat of a few seconds."""
    head = (
        f'title = "{title}"\nhashtag = "#test"\ntimezone = "UTC"\n'
        f"starts = {starts.astimezone(UTC).replace(tzinfo=None).isoformat()}\n"
        f'length = "{length}"\nfirst = "{first}"\nevery = "{every}"\n'
    )
    return head + "".join(f'\n[[questions]]\ntext = "{text}"\n' for text in questions)


def put(path: Path, text: str) -> Path:
    """Write a file as an editor does: whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return path


def a_place(folder: Path, port: int = 0, more: str = "") -> Path:
    """A folder to run in, with a room on a port (0: any free one) and a short warm-up."""
    put(folder / "config.toml", f'{more}\n[hosting]\nlead = "0.5s"\n[places.room]\nport = {port}\n')
    (folder / "schedules").mkdir(exist_ok=True)
    return folder


def started(*words: object, cwd: Path, env: dict[str, str]) -> Running:
    """A verb that goes on meanwhile."""
    ready, said = preloaded(), [*map(str, words)]
    if ready.suits(env):
        return ready.start(said, cwd=cwd, env=env)
    return subprocess.Popen(  # noqa: S603 -- our own program
        [CONVENOR, *said],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


class Hosting:
    """A running `convenor run`. `address` is its room's."""

    def __init__(self, process: Running) -> None:
        self.process = process
        self.out: list[str] = []
        self.err: list[str] = []
        assert process.stdout
        assert process.stderr
        for pipe, kept in ((process.stdout, self.out), (process.stderr, self.err)):
            threading.Thread(target=self._read, args=(pipe, kept), daemon=True).start()
        eventually(lambda: self.out or process.poll() is not None, "the first line")
        assert self.out, self.err
        self.address = self.out[0].rpartition(" at ")[2].strip()

    def _read(self, pipe: IO[str], kept: list[str]) -> None:
        kept.extend(iter(pipe.readline, ""))

    def page(self, chat: str) -> str:
        """A chat's page, or an empty text if the room does not answer."""
        try:
            with urllib.request.urlopen(f"{self.address}/{chat}", timeout=60) as answer:  # noqa: S310 -- our own room
                text: str = answer.read().decode()
                return text
        except (urllib.error.URLError, OSError):
            return ""

    def shows(self, chat: str, text: str, within: float = 60) -> None:
        """Wait until the page has this text."""
        eventually(lambda: text in self.page(chat), f"{text!r} on the page of {chat}: {self.err}", within)

    def end(self, by: signal.Signals = signal.SIGTERM, within: float = 60) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(by)
        return self.process.wait(within)


@contextmanager
def hosting(cwd: Path, **env: str) -> Iterator[Hosting]:
    """A hosting process, killed if it has not ended by itself."""
    process = started("run", cwd=cwd, env=environment(**env))
    try:
        yield Hosting(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(60)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


@contextmanager
def stored(folder: Path, *chats: Chat) -> Iterator[Database]:
    """The store in a folder, with these chats."""
    database = Database(f"sqlite:///{folder / 'convenor.db'}")
    for chat in chats:
        database.write_sync(chat_rows.save_chat, chat, chat.ends)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def answering(database: Database, outcome: Outcome = "done") -> Iterator[list[Command]]:
    """Answer each waiting command, as a hosting process would. Yields the answered ones so far."""
    heard: list[Command] = []
    over = threading.Event()

    def answer() -> None:
        while not over.wait(0.02):
            for entry in database.read_sync(commands.waiting):
                said = entry.command
                heard.append(said)
                done = msgspec.structs.replace(said, outcome=outcome, receipt=f"{said.text}: {outcome}")
                database.write_sync(commands.save_outcome, done, name=said.text.split()[0])

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join()
