"""The command line, loaded once and forked for each verb: to load it takes longer than most verbs.

A fork gets what a process of its own would have: arguments, folder, environment and files, and it ends as one. What a
new interpreter does besides, such as choosing an encoding, it doesn't do; and a module that a verb forgot to import may
be there. Where that matters, in `test_output`, `test_imports` and the golden scenes, the program itself is started.
"""

from __future__ import annotations

import atexit
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import msgspec

from bot.cli import main
from bot.cli.verbs import SECTIONS
from tests.cli.started import Started

ROOT = Path(__file__).parents[2]

_LATE = ("CONVENOR_", "PYTEST_", "COLUMNS", "LOGNAME")
"""Variables, or their beginnings, that nothing reads before the verb runs."""

_LATER = (
    *("bot.cli.hosting", "bot.cli.rehearsal_show", "adapters.room.platform", "uvicorn.lifespan.off"),
    *("bot.erasure.eraser", "bot.listening.inbox", "bot.wiring.outputs", "adapters.x.settings"),
    *("alembic.command", "alembic.config", "holidays.countries", "tzdata", "docx", "twitter_text"),
)
"""Modules that verbs import while they run: to host a chat, to remove a person, to import a log, and others."""

_LONGEST = 1 << 17
"""The longest request in bytes."""


class Request(msgspec.Struct):
    """What a process starts with. Four files come with it: the three standard ones, and one to tell how it ended."""

    words: list[bytes]
    folder: bytes
    environment: dict[bytes, bytes]


# On the side of the tests ----------------------------------------------------------------------------------


class Preloaded:
    """The process that forks. It ends with ours."""

    def __init__(self) -> None:
        self._began = dict(os.environ)
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [sys.executable, "-m", "tests.cli.preloaded", str(theirs.fileno())]
        self._process = subprocess.Popen(words, cwd=ROOT, pass_fds=[theirs.fileno()])  # noqa: S603 -- our own
        theirs.close()

    def suits(self, environment: dict[str, str]) -> bool:
        """Whether a process with this environment would have begun as ours did."""
        differ = dict(environment.items() ^ self._began.items())
        return all(name.startswith(_LATE) for name in differ)

    def run(self, words: list[str], *, cwd: Path, env: dict[str, str], stdin: str | None) -> tuple[int, str, str]:
        """Run a verb to its end: its exit code and its output."""
        with ExitStack() as stack:
            given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(3))
            given.write((stdin or "").encode())
            given.seek(0)
            with self._asked(words, cwd, env, [given.fileno(), out.fileno(), err.fileno()]) as ended:
                code = _code(ended)
            for file in (out, err):
                file.seek(0)
            return code, out.read().decode(errors="replace"), err.read().decode(errors="replace")

    def start(self, words: list[str], *, cwd: Path, env: dict[str, str]) -> Started:
        """Start a verb that goes on meanwhile. Its standard input is empty."""
        with ExitStack() as stack:
            (out, outs), (err, errs) = os.pipe(), os.pipe()
            for file in (outs, errs, given := os.open(os.devnull, os.O_RDONLY)):
                stack.callback(os.close, file)
            ended = self._asked(words, cwd, env, [given, outs, errs])
        return Started(int(ended.recv(20)), ended, *(os.fdopen(one, encoding="utf-8") for one in (out, err)))

    def _asked(self, words: list[str], cwd: Path, env: dict[str, str], files: list[int]) -> socket.socket:
        """Ask for a verb. What tells the process id and, when it has ended, the exit code."""
        request = Request(
            words=[os.fsencode(word) for word in words],
            folder=os.fsencode(cwd),
            environment={os.fsencode(name): os.fsencode(value) for name, value in env.items()},
        )
        ended, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tells:
            socket.send_fds(self._requests, [msgspec.msgpack.encode(request)], [*files, tells.fileno()])
        return ended

    def close(self) -> None:
        """Let it end."""
        self._requests.close()
        self._process.wait()


@cache
def preloaded() -> Preloaded:
    """The one of this run of tests."""
    started = Preloaded()
    atexit.register(started.close)
    return started


def _code(ended: socket.socket) -> int:
    """The exit code, from where it is told; a verb that does not end is killed."""
    process = int(ended.recv(20))
    if not select.select([ended], [], [], 180)[0]:
        os.kill(process, signal.SIGKILL)
    return int(ended.recv(20))


# On the other side -----------------------------------------------------------------------------------------


def serve(requests: socket.socket) -> None:
    """Fork for each request, until the other side closes."""
    for module in {one for verbs in SECTIONS.values() for one in verbs.values()}:
        import_module(f"bot.cli.{module}")
    for module in _LATER:
        import_module(module)
    gc.freeze()
    keepers: set[int] = set()
    while True:
        request, files, _, _ = socket.recv_fds(requests, _LONGEST, 4)
        if not request:
            break
        if not (keeper := os.fork()):
            requests.close()
            _keep(msgspec.msgpack.decode(request, type=Request), files)
            return
        keepers.add(keeper)
        for file in files:
            os.close(file)
        keepers -= {one for one in keepers if os.waitpid(one, os.WNOHANG)[0]}
    for one in keepers:
        os.waitpid(one, 0)


def _keep(request: Request, files: list[int]) -> None:
    """Fork the verb, and tell how it ends: who asked for it is not its parent, and could not learn that."""
    *standard, told = files
    if not (verb := os.fork()):
        os.close(told)
        _become(request, standard)
    for file in standard:
        os.close(file)
    os.write(told, b"%d" % verb)
    _, status = os.waitpid(verb, 0)
    os.write(told, b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(request: Request, standard: list[int]) -> NoReturn:
    """Be the program, from here to the end of the process."""
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # where there was a file may be a pipe now
        old = getattr(sys, name)
        new = os.fdopen(old.fileno(), mode, -1 if name != "stderr" else 1, old.encoding, old.errors, closefd=False)
        setattr(sys, name, new)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request.folder)
    os.environb.clear()
    os.environb.update(request.environment)
    sys.argv = ["convenor", *map(os.fsdecode, request.words)]
    sys.exit(main())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
