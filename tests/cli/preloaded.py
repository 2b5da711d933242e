"""The program, loaded once and forked for each verb and each other process: to load it takes longer than most verbs.

A fork gets what a process of its own would have: arguments, folder, environment and files, and it ends as one. What a
new interpreter does besides, such as choosing an encoding, it doesn't do; and a module that a verb forgot to import may
be there. Where that matters, in `test_output`, `test_imports` and the golden scenes, the program itself is started.

Whoever wants a fork connects to a socket, sends a request, and stays connected: a fork that nobody waits for is killed.
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
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, NoReturn

import msgspec

from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot.cli.verbs import SECTIONS
from bot.wiring.garbage_collector import put_off_garbage_collection
from tests.cli.started import Started

ROOT = Path(__file__).parents[2]

_LATE = ("CONVENOR_", "PYTEST_", "BROWSER", "COLUMNS", "DISPLAY", "LOGNAME", "XDG_RUNTIME_DIR")
"""Variables, or their beginnings, that nothing reads before the verb runs. PostgreSQL changes the last."""

_LATER = (
    *("bot.rehearsal.worker", "tests.sharing.host"),
    *("bot.cli.hosting", "bot.cli.rehearsal_show", "adapters.room.platform", "uvicorn.lifespan.off"),
    *("bot.erasure.eraser", "bot.listening.inbox", "bot.wiring.outputs", "adapters.x.settings"),
    *("alembic.command", "alembic.config", "holidays.countries", "tzdata", "docx", "twitter_text"),
)
"""The other programs, and modules that verbs import while they run: to host a chat, to remove a person, and others."""

_INPUT = 0
"""The number of the standard input."""

_LONGEST = 1 << 17
"""The longest request in bytes."""


VERB = "bot.cli:main"


class Request(msgspec.Struct):
    """What a process starts with: a function to call, as "module:function", and the rest. Three standard files follow.

    The answers are the process id and, when it has ended, the exit code.
    """

    program: str
    words: list[bytes]
    folder: bytes
    environment: list[tuple[bytes, bytes]]


# On the side of the tests ----------------------------------------------------------------------------------


class Preloaded:
    """The process that forks. It ends with ours."""

    def __init__(self) -> None:
        self._began = dict(os.environ)
        self._folder = tempfile.TemporaryDirectory(prefix="preloaded-")
        self._address = f"{self._folder.name}/socket"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self._address)
            listener.listen(128)
            words = [sys.executable, "-m", "tests.cli.preloaded", str(listener.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 -- our own
                words, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[listener.fileno()]
            )

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
                ended.recv(20)
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

    @contextmanager
    def running(self, program: str, *words: Path | str) -> Iterator[tuple[IO[str], IO[str]]]:
        """A program that goes on meanwhile, until its standard input ends. Yields that, and its output."""
        (given, orders), (answers, out) = os.pipe(), os.pipe()
        ended = self._asked([*map(str, words)], ROOT, dict(os.environ), [given, out, 2], program)
        os.close(given)
        os.close(out)
        with ended, os.fdopen(answers) as output:
            ended.recv(20)
            try:
                with os.fdopen(orders, "w") as told:
                    yield told, output
            finally:
                _code(ended)

    def _asked(
        self, words: list[str], cwd: Path, env: dict[str, str], files: list[int], program: str = VERB
    ) -> socket.socket:
        """Ask for a program. What tells the process id and, when it has ended, the exit code."""
        request = Request(
            program=program,
            words=[os.fsencode(word) for word in words],
            folder=os.fsencode(cwd),
            environment=[(os.fsencode(name), os.fsencode(value)) for name, value in env.items()],
        )
        answers = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answers.connect(self._address)
        socket.send_fds(answers, [msgspec.json.encode(request)], files)
        return answers

    def command(self, program: str) -> tuple[str, ...]:
        """The command line of a process that is a fork, for code that starts its processes itself."""
        return sys.executable, "-I", "-S", str(Path(__file__).with_name("forked.py")), self._address, program

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()
        self._folder.cleanup()


def preloaded() -> Preloaded:
    """The one of this run of tests."""
    with _one_at_a_time:
        return _preloaded()


_one_at_a_time = threading.Lock()


@cache
def _preloaded() -> Preloaded:
    started = Preloaded()
    atexit.register(started.close)
    return started


def _code(ended: socket.socket) -> int:
    """The exit code, from where it is told; a program that does not end is killed."""
    if not select.select([ended], [], [], 180)[0]:
        ended.shutdown(socket.SHUT_WR)
    return int(ended.recv(20))


# On the other side -----------------------------------------------------------------------------------------


def serve(listener: socket.socket) -> None:
    """Fork for each request, until the standard input ends."""
    put_off_garbage_collection()
    for module in {one for verbs in SECTIONS.values() for one in verbs.values()}:
        import_module(f"bot.cli.{module}")
    for module in _LATER:
        import_module(module)
    Renderer("room", Sessions("", secure=False))  # compiles the templates, once for all forks
    gc.freeze()
    gc.enable()
    keepers: set[int] = set()
    while _INPUT not in select.select([_INPUT, listener.fileno()], [], [])[0]:
        asks, _ = listener.accept()
        if not (keeper := os.fork()):
            listener.close()
            _keep(asks)
            return
        asks.close()
        keepers.add(keeper)
        keepers -= {one for one in keepers if os.waitpid(one, os.WNOHANG)[0]}
    for one in keepers:
        os.waitpid(one, 0)


def _keep(asks: socket.socket) -> None:
    """Fork the program, and tell how it ends: who asked for it is not its parent, and could not learn that."""
    told, files, _, _ = socket.recv_fds(asks, _LONGEST, 3)
    if not (program := os.fork()):
        asks.close()
        _become(msgspec.json.decode(told, type=Request), files)
    for file in files:
        os.close(file)
    with suppress(BrokenPipeError):
        asks.send(b"%d" % program)
    ended = os.pidfd_open(program)
    if ended not in select.select([ended, asks.fileno()], [], [])[0]:
        os.kill(program, signal.SIGKILL)  # whoever asked is gone, or has waited long enough
    _, status = os.waitpid(program, 0)
    with suppress(BrokenPipeError):
        asks.send(b"%d" % os.waitstatus_to_exitcode(status))
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
    module, _, function = request.program.partition(":")
    sys.exit(getattr(import_module(module), function)())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
