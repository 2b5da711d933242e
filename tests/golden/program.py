"""The program as its users have it: a command, and pages over HTTP. Nothing of `bot` or `adapters` is imported here."""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent
GIVEN = GOLDEN / "given"
KEPT = GOLDEN / "kept"
CONVENOR = str(Path(sys.executable).with_name("convenor"))

T = TypeVar("T")


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    def told(self) -> str:
        """All of it as one text."""
        return f"{self.out}--- on the other stream\n{self.err}--- ended with {self.code}\n"


def environment() -> dict[str, str]:
    """This process's, without any setting of Convenor's, and with a plain terminal of one width."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONVENOR_")}
    return kept | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LOGNAME": "pretend", "TZ": "UTC"}


def convenor(*words: object, cwd: Path) -> Done:
    """Say a verb and wait for the end."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [CONVENOR, *map(str, words)],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    found = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in found.out + found.err, found
    return found


def helps(cwd: Path, *verbs: str) -> str:
    """The help of each of these verbs."""
    return each([[verb, "--help"] for verb in verbs], cwd)


def each(lines: Sequence[Sequence[str]], cwd: Path) -> str:
    """What each of these lines printed, all in one process, since each would take a second to start."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", _EACH],
        cwd=cwd,
        env=environment(),
        input=json.dumps(lines).encode(),
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode()


_EACH = """
import json, sys
from importlib.metadata import entry_points
[front] = entry_points(group="console_scripts", name="convenor")
main = front.load()
for line in json.load(sys.stdin):
    print(f"\\n$ convenor {' '.join(line)}")
    sys.argv = ["convenor", *line]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, line
"""
"""The command as it was installed, wherever it lies."""


def well(*words: object, cwd: Path) -> str:
    """What a verb that ends well printed."""
    found = convenor(*words, cwd=cwd)
    assert found.code == 0, (words, found)
    return found.out


def eventually(ask: Callable[[], T], what: str, within: float = 60) -> T:
    """Ask again and again until the answer is true; then that answer."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {within:g} s: {what}")


@contextmanager
def hosting(cwd: Path) -> Iterator[str]:
    """Let `convenor run` go on meanwhile; the address of its room. It is asked to stop, and ends well."""
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [CONVENOR, "run"],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    out: list[str] = []
    err: list[str] = []

    def read(pipe: IO[str] | None, kept: list[str]) -> None:
        kept.extend(iter(pipe.readline, "") if pipe else ())

    readers = [threading.Thread(target=read, args=pair) for pair in ((process.stdout, out), (process.stderr, err))]
    for reader in readers:
        reader.start()
    try:
        eventually(lambda: "room: open at" in "".join(out) or process.poll() is not None, "the room is open")
        yield next(line for line in out if line.startswith("room: open at ")).rpartition(" ")[2].strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, err
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for reader in readers:
            reader.join()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


class Page(NamedTuple):
    """An answer: its status, its headers, and its text. `address` is where it was found in the end."""

    status: int
    headers: Message
    text: str
    address: str


class Browser:
    """Somebody who looks at a room without scripts. It keeps cookies and follows where it is sent."""

    def __init__(self, room: str) -> None:
        self.room = room
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def open(self, path: str, form: Mapping[str, str] | None = None) -> Page:
        """GET an address of the room; or POST a form to it."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            with self._opener.open(urllib.parse.urljoin(self.room, path), data, timeout=120) as answer:
                headers: Message = answer.headers
                # a stream goes on for ever
                body = b"" if headers.get_content_type() == "text/event-stream" else answer.read()
                return Page(answer.status, headers, body.decode(errors="replace"), answer.url.removeprefix(self.room))
        except urllib.error.HTTPError as refused:
            with refused:
                return Page(refused.code, refused.headers, refused.read().decode(), path)
