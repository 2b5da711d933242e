"""The house's plan, held: who may know whom, what stands where, and what nobody does.

`MAY_KNOW` is the policy; to open a door, change it there and say why. The files are read, never imported, so a door
that only a type checker walks through counts as well.
"""

from __future__ import annotations

import ast
import statistics
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent

WORDS = {"messages", "chat", "errors", "ports", "wording", "clock"}
PURE_LIVE = {"live.attribution", "live.consent"}
PURE_SCHEDULING = {"scheduling.timeline", "scheduling.post_text"}

MAY_KNOW: dict[str, set[str]] = {
    # the words
    "errors": set(),
    "messages": {"errors"},
    "chat": {"messages"},
    "ports": {"messages", "errors", "clock"},
    "clock": set(),
    "log": set(),
    "file_watch": set(),
    "wording": {"chat", "messages"},
    # what people wrote
    "toml": {"messages", "errors"},
    "settings": {"errors", "toml"},
    # before
    "authoring": {*WORDS, "toml", *PURE_SCHEDULING},
    # during: the chats that are on
    "live.attribution": WORDS,
    "live.consent": WORDS,
    "live": {*WORDS, "store"},
    # during, outward
    "scheduling.timeline": {*WORDS, "toml"},
    "scheduling.post_text": WORDS,
    "scheduling": {*WORDS, "store", "live"},
    # during: what people tell the bot to do
    "commands.grammar": {*WORDS, "toml"},
    "commands.plan": {*WORDS, "toml", "scheduling.timeline", "commands.grammar"},
    "commands": {*WORDS, "toml", "store", "live", "moderation", "scheduling"},
    # during, inward
    "moderation.guard": {"messages"},
    "moderation": {*WORDS, "store", "live"},
    "listening": {*WORDS, "store", "live", "moderation", "commands.grammar"},
    # the memory
    "store": WORDS,
    "status": {*WORDS, "store"},
    "transfer": {*WORDS, "live", "listening", "store", "status"},
    # after
    "reporting": {*WORDS, *PURE_LIVE},
    # the edge: from here on the parts are put together
    "wiring": {"*", "adapters"},
    "rehearsal": {"*", "wiring"},
    "doctor": {"*", "wiring"},
    "cli": {"*", "wiring", "rehearsal", "doctor"},
    "__main__": {"cli"},
}
"""Each room of `bot`, and the rooms it may know besides itself. `*` is every room that is not at the edge."""

EDGE = {"wiring", "rehearsal", "doctor", "cli", "__main__"}

ADAPTERS_KNOW = {"bot.ports", "bot.messages", "bot.errors", "bot.clock"}
"""An adapter knows these, the adapters' kit and its own library; never another adapter."""

PRETEND, HUNDRED = "tests.contract.pretend", 120
"""A platform in the tests, made of the kit: it shows that a third one needs no more than this without its imports."""

AT_HOME = {
    "stdnum": "bot.moderation.guard",
    "phonenumbers": "bot.moderation.guard",
    "tweepy": "adapters.x",
    "twitter_text": "adapters.x",
    "oauthlib": "adapters.x",
    "discord": "adapters.discord",
    "starlette": "adapters.room",
    "sse_starlette": "adapters.room",
    "uvicorn": "adapters.room",
    "sqlalchemy": "bot.store",
    "alembic": "bot.store",
    "psycopg": "bot.store",
    "apscheduler": "bot.scheduling",
}
"""Libraries that only one room may touch."""

LENT = {
    "sqlalchemy.Connection": "a caller holds it, so that several queries are one transaction",
    "sqlalchemy.engine.make_url": "the settings refuse what is not the url of a database",
    "sqlalchemy.exc.ArgumentError": "it is what make_url raises",
}
"""Names of such a library that others may use as well, each with its reason."""

READS_A_CLOCK = {
    "bot/clock.py": "it is the clock",
    "bot/scheduling/scheduler.py": "its timer fires by the wall clock, whatever ours reads",
}
"""The files that may ask the machine for the time of day, each with its reason."""

TOP = {"bot", "adapters", "schedules", "tests", "config.example.toml", "Dockerfile", "pyproject.toml", "README.md"}
BESIDES = {
    *("benchmarks", "docs", "Makefile", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
    *("requirements.txt", "requirements-dev.txt", ".ci", ".github"),
    *(".gitignore", ".gitattributes", ".dockerignore", ".editorconfig"),
}

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "base", "core", "manager", "managers", "common", "misc"}

LONGEST = 300
MEDIAN = 120
"""Lines: a file fits a mind. The aim is about 90 and 250; beyond these two a file has to be divided."""


# Reading the tree ------------------------------------------------------------------------------------------


class Import(NamedTuple):
    """One import: who imports, at which line, which module, and which name in it."""

    by: str
    line: int
    what: str
    name: str = ""

    def __str__(self) -> str:
        """One line for a list of complaints."""
        return f"{self.by}:{self.line} knows {self.what} ({self.name})"


@cache
def files(*tops: str) -> dict[str, Path]:
    """Every Python file below some folders, by module name."""
    found = {}
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "node_modules" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """Read a file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call in a file as (line, what is written before the bracket)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def imports(module: str, path: Path) -> Iterator[Import]:
    """Every import of a file, relative ones resolved; `from a import b` is `a.b` where that is a module."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    modules = files("bot", "adapters")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield Import(module, node.lineno, whole if whole in modules else source, alias.name)


def all_imports(*tops: str) -> list[Import]:
    """Every import of every file below some folders."""
    return [one for module, path in files(*tops).items() for one in imports(module, path)]


def within(module: str, room: str) -> bool:
    """Whether a module is a room, or lies in it."""
    return module == room or module.startswith(f"{room}.")


def room_of(module: str) -> str | None:
    """Find the room of `MAY_KNOW` that a module of `bot` lies in: the narrowest; None where no line covers it."""
    inside = [room for room in MAY_KNOW if within(module, f"bot.{room}")]
    return max(inside, key=len, default=None)


def allowed(one: Import) -> bool:
    """Whether a module of `bot` may make this import of `bot` or `adapters`."""
    here = room_of(one.by) or ""
    doors = MAY_KNOW.get(here, set())
    if one.what.split(".")[0] == "adapters":
        return "adapters" in doors
    if one.what == "bot" or within(one.what, f"bot.{here}"):
        return True
    if "*" in doors and room_of(one.what) not in EDGE:
        return True
    return any(within(one.what, f"bot.{door}") for door in doors)


# Who may know whom -----------------------------------------------------------------------------------------


def test_every_room_has_a_line_in_the_policy() -> None:
    strangers = sorted(module for module in files("bot") if module != "bot" and room_of(module) is None)
    assert not strangers, "say in MAY_KNOW what these may know"


def test_the_policy_names_only_rooms_it_knows() -> None:
    named = set[str]().union(*MAY_KNOW.values()) - {"*", "adapters"}
    assert named <= set(MAY_KNOW)


def test_rooms_know_only_what_the_policy_allows() -> None:
    ours = [one for one in all_imports("bot") if one.what.split(".")[0] in {"bot", "adapters"}]
    assert [str(one) for one in ours if not allowed(one)] == []


def test_packages_import_each_other_in_one_direction() -> None:
    """No package imports one that imports it, directly or by way of others."""
    imported: dict[str, set[str]] = {}
    for one in all_imports("bot"):
        by, what = one.by.split(".")[1:2], one.what.split(".")[1:2] if within(one.what, "bot") else []
        if by and what and by != what:
            imported.setdefault(by[0], set()).update(what)
    try:
        tuple(TopologicalSorter(imported).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


def test_only_the_wiring_names_adapters() -> None:
    who = {one.by for one in all_imports("bot") if within(one.what, "adapters")}
    assert who <= {module for module in files("bot") if within(module, "bot.wiring")}


def test_adapters_know_the_ports_and_never_each_other() -> None:
    def wrong(one: Import) -> bool:
        if within(one.what, "bot"):
            return not any(within(one.what, room) for room in ADAPTERS_KNOW)
        own = ".".join(one.by.split(".")[:2])
        return within(one.what, "adapters") and not within(one.what, own) and not within(one.what, "adapters.kit")

    pretend = imports(PRETEND, ROOT / f"{PRETEND.replace('.', '/')}.py")
    assert [str(one) for one in [*all_imports("adapters"), *pretend] if wrong(one)] == []


def test_a_third_platform_is_about_a_hundred_lines() -> None:
    lines = (ROOT / f"{PRETEND.replace('.', '/')}.py").read_text(encoding="utf-8").split("\n\n\n", 1)[1].splitlines()
    assert len([line for line in lines if line.strip()]) < HUNDRED


def test_nothing_that_runs_knows_the_tests_or_the_benchmarks() -> None:
    outside = [one for one in all_imports("bot", "adapters") if one.what.split(".")[0] in {"tests", "benchmarks"}]
    assert [str(one) for one in outside] == []


def test_each_library_stays_at_home() -> None:
    astray = [
        one
        for one in all_imports("bot", "adapters")
        if (home := AT_HOME.get(one.what.split(".")[0]))
        and not within(one.by, home)
        and f"{one.what}.{one.name}" not in LENT
    ]
    assert [str(one) for one in astray] == []


def test_one_file_knows_the_alarm_clock() -> None:
    who = {one.by for one in all_imports("bot", "adapters") if within(one.what, "apscheduler")}
    assert len(who) <= 1, who


@pytest.mark.parametrize(
    ("by", "what", "answer"),
    [
        ("bot.scheduling.timeline", "bot.chat", True),
        ("bot.scheduling.timeline", "bot.store", False),
        ("bot.scheduling.timeline", "bot.scheduling.outbox", False),
        ("bot.scheduling.outbox", "bot.scheduling.timeline", True),
        ("bot.reporting.files", "bot.live.attribution", True),
        ("bot.reporting.files", "bot.listening.inbox", False),
        ("bot.authoring.check", "bot.scheduling.post_text", True),
        ("bot.authoring.check", "bot.scheduling", False),
        ("bot.listening.inbox", "bot.scheduling", False),
        ("bot.rehearsal", "bot.store.schema", True),
        ("bot.rehearsal", "bot.cli", False),
        ("bot.rehearsal", "adapters.room", False),
        ("bot.wiring", "adapters.room", True),
        ("bot.cli", "bot.wiring", True),
        ("bot.settings.settings", "bot.wiring", False),
        ("bot.newcomer", "bot.messages", False),
    ],
)
def test_the_policy_reads_as_it_is_meant(by: str, what: str, answer: bool) -> None:  # noqa: FBT001 -- a column
    assert allowed(Import(by, 1, what)) is answer


# What stands where -----------------------------------------------------------------------------------------


def test_the_top_level_tells_the_story(ours: list[str]) -> None:
    top = {name.split("/")[0] for name in ours}
    assert top <= TOP | BESIDES
    assert top >= TOP


def test_no_module_has_a_name_that_says_nothing() -> None:
    every = files("bot", "adapters", "tests", "benchmarks")
    assert [name for name in every if SAYS_NOTHING & set(name.split("."))] == []


def test_a_file_fits_a_mind() -> None:
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in files("bot", "adapters").items()
    }
    longest = sorted(lengths.items(), key=lambda one: -one[1])
    report = "\n".join(f"{lines:5} {module}" for module, lines in longest[:12])
    assert longest[0][1] <= LONGEST, f"the longest:\n{report}"
    assert statistics.median(lines for lines in lengths.values() if lines) <= MEDIAN, f"the longest:\n{report}"


# What nobody does ------------------------------------------------------------------------------------------


def reads_clock(written: str) -> bool:
    """Whether a call asks the machine for the time of day. `clock.now()` asks our clock, and that is right."""
    if written in {"time", "time.time", "time.time_ns", "time.localtime", "time.gmtime"}:
        return True
    owner, _, verb = written.rpartition(".")
    return verb in {"now", "utcnow", "today"} and owner.rpartition(".")[2] in {"datetime", "date"}


def clock_readers() -> dict[str, list[int]]:
    """Find the lines that read the machine's clock, by file."""
    found: dict[str, list[int]] = {}
    for path in files("bot", "adapters").values():
        for line, written in calls(path):
            if reads_clock(written):
                found.setdefault(path.relative_to(ROOT).as_posix(), []).append(line)
    return found


def test_time_is_an_argument() -> None:
    found = clock_readers()
    assert {name: lines for name, lines in found.items() if name not in READS_A_CLOCK} == {}
    assert set(READS_A_CLOCK) <= set(found), "an exception that nothing needs any more"


def test_only_the_front_door_prints() -> None:
    printing = [
        f"{module}:{line}"
        for module, path in files("bot", "adapters").items()
        for line, written in calls(path)
        if written == "print" and not within(module, "bot.cli")
    ]
    assert printing == []
