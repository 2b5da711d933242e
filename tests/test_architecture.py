"""The architecture: which package may import which, where things belong, and forbidden calls.

`MAY_KNOW` is the plan; to allow an import, change it there and say why. Files are parsed, never imported, so an import
for the type checker alone counts as well. `docs/drawing.py` draws the plan.
"""

from __future__ import annotations

import ast
import statistics
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent

WORDS = {
    *("messages", "chat", "errors", "ports", "hashtags", "wording", "clock", "readable"),
    *("translation", "local_dates", "template_translation"),
    "publication",
    "privacy_notice",
    "private_notices",
}
PURE_LIVE = {
    *("live.attribution", "live.consent", "live.answer_marks", "live.answer_mark_words", "live.quotes", "live.reposts"),
    *("live.question_matching", "live.choices", "live.published_events", "live.unnamed_people"),
}
PURE_SCHEDULING = {"scheduling.timeline", "scheduling.post_text", "scheduling.chat_identity"}

MAY_KNOW: dict[str, set[str]] = {
    # everyday values
    "errors": set(),
    "messages": {"errors"},
    "chat": {"messages"},
    "publication": {"messages", "chat"},
    "privacy_notice": {"messages", "chat", "publication", "translation"},
    "ports": {"messages", "errors", "clock", "publication"},
    "clock": {"translation"},
    "translation": set(),
    "local_dates": {"clock", "translation"},
    "template_translation": {"translation"},
    "log": set(),
    "file_watch": set(),
    "hashtags": set(),
    "readable": {"messages", "clock", "translation", "local_dates"},
    "calendar": {"messages", "ports", "translation", "local_dates", "privacy_notice"},
    "cpd": {"messages", "clock", "translation", "local_dates"},
    "private_notices": {"translation"},
    "wording": {"chat", "messages", "clock", "hashtags", "translation", "local_dates"},
    # text written by people
    "toml": {"messages", "errors", "translation"},
    "settings": {"errors", "toml", "translation"},
    # before
    "authoring": {*WORDS, "toml", *PURE_SCHEDULING},
    "team": {*WORDS, "toml", "authoring", "store"},
    # during: the chats that are on
    "live.attribution": {*WORDS, "live.answer_marks", "live.quotes"},
    "live.quotes": {*WORDS, "live.answer_marks"},
    "live.answer_marks": {*WORDS, "live.answer_mark_words"},
    "live.answer_mark_words": WORDS,
    "live.reposts": WORDS,
    "live.consent": WORDS,
    "live.question_matching": WORDS,
    "live.choices": {*WORDS, "live.consent"},
    "live.unnamed_people": {*WORDS, "live.consent", "live.quotes", "live.reposts"},
    "live.published_events": {*WORDS, "live.choices", "live.unnamed_people"},
    "live": {*WORDS, "store"},
    # during, outward
    "scheduling.timeline": {*WORDS, "toml"},
    "scheduling.post_text": WORDS,
    "scheduling.chat_identity": {*WORDS, "live.question_matching"},
    "scheduling": {*WORDS, "store", "live"},
    # during, by command
    "commands.grammar": {*WORDS, "toml"},
    "commands.plan": {*WORDS, "toml", "scheduling.timeline", "commands.grammar"},
    "commands": {*WORDS, "toml", "store", "live", "moderation", "scheduling"},
    # during, inward
    "moderation.guard": {"messages"},
    "moderation": {*WORDS, "store", "live"},
    "listening": {*WORDS, "store", "live", "moderation", "commands.grammar"},
    # always
    "store": WORDS,
    "status": {*WORDS, "store"},
    "transfer": {*WORDS, "live", "listening", "store", "status"},
    # after
    "erasure": {*WORDS, "store", "live.reposts", "live.quotes"},
    "reporting": {*WORDS, *PURE_LIVE, "cpd"},
    "blog": {*WORDS, "store"},
    "site": {*WORDS, "calendar", "reporting"},
    # the edge: puts the parts together
    "wiring": {"*", "adapters"},
    "rehearsal": {"*", "wiring"},
    "doctor": {"*", "wiring"},
    "cli": {"*", "wiring", "rehearsal", "doctor"},
    "__main__": {"cli"},
}
"""Each package of `bot`, and the packages it may import besides itself. `*` means every package outside `EDGE`."""

EDGE = {"wiring", "rehearsal", "doctor", "cli", "__main__"}

ADAPTERS_KNOW = {
    "bot.ports",
    "bot.messages",
    "bot.errors",
    "bot.clock",
    "bot.calendar",
    "bot.cpd",
    "bot.translation",
    "bot.local_dates",
    "bot.template_translation",
}
"""An adapter imports these, the adapters' kit and its own library; never another adapter."""

PRETEND, HUNDRED = "tests.contract.pretend", 120
"""A platform in the tests, made of the kit: it shows that a third one needs no more than this without its imports."""

LIBRARY_PACKAGES = {
    "docx": "bot.cpd",
    "prometheus_client": "bot.wiring",
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
    "rapidfuzz": "bot.live",
}
"""Libraries that only one package may import."""

SHARED_NAMES = {
    "sqlalchemy.Connection": "callers hold it, so that several queries are one transaction",
    "sqlalchemy.engine.make_url": "the settings refuse a text that is no database URL",
    "sqlalchemy.exc.ArgumentError": "make_url raises it",
    "rapidfuzz.distance.Levenshtein": "the room knows a host's name with a letter wrong",
}
"""Names of such a library that other packages may use, each with the reason."""

READS_A_CLOCK = {
    "bot/clock.py": "it is the clock",
    "bot/ports/punctuality.py": "a machine that slept shows it there, and not by the monotonic clock",
    "bot/scheduling/scheduler.py": "its timer fires by the wall clock, whatever ours reads",
}
"""Files that may ask the machine for the time of day, each with the reason."""

TOP = {"bot", "adapters", "schedules", "tests", "config.example.toml", "Dockerfile", "pyproject.toml", "README.md"}
TOP_OPTIONAL = {
    *("benchmarks", "docs", "Makefile", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
    *("requirements.txt", "requirements-dev.txt", ".ci", ".github"),
    *("deploy", ".gitignore", ".gitattributes", ".dockerignore", ".editorconfig"),
}

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "base", "core", "manager", "managers", "common", "misc"}

LONGEST = 300
MEDIAN = 120
"""Lines: short files are easy to keep in mind. Aim at 90 to 250; beyond these two a file has to be divided."""


# Reading the tree ------------------------------------------------------------------------------------------


class Import(NamedTuple):
    """One import: the importing module, the line, the imported module, and the name in it."""

    by: str
    line: int
    what: str
    name: str = ""

    def __str__(self) -> str:
        """One line for an assertion's list."""
        return f"{self.by}:{self.line} imports {self.what} ({self.name})"


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


@cache
def calls(path: Path) -> list[tuple[int, str]]:
    """Every call in a file, as its line and the source of the called expression."""
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


@cache
def imports(module: str, path: Path) -> list[Import]:
    """Every import of a file, relative ones resolved; `from a import b` is `a.b` where that is a module."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    modules = files("bot", "adapters")
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [Import(module, node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                found.append(Import(module, node.lineno, whole if whole in modules else source, alias.name))
    return found


def all_imports(*tops: str) -> list[Import]:
    """Every import of every file below some folders."""
    return [one for module, path in files(*tops).items() for one in imports(module, path)]


def within(module: str, package: str) -> bool:
    """Whether a module is a package, or belongs to it."""
    return module == package or module.startswith(f"{package}.")


def package_of(module: str) -> str | None:
    """Find the narrowest package of `MAY_KNOW` that a module of `bot` belongs to; None if there is none."""
    inside = [package for package in MAY_KNOW if within(module, f"bot.{package}")]
    return max(inside, key=len, default=None)


def allowed(one: Import) -> bool:
    """Whether a module of `bot` may make this import of `bot` or `adapters`."""
    here = package_of(one.by) or ""
    may_know = MAY_KNOW.get(here, set())
    if one.what.split(".")[0] == "adapters":
        return "adapters" in may_know
    if one.what == "bot" or within(one.what, f"bot.{here}"):
        return True
    if "*" in may_know and package_of(one.what) not in EDGE:
        return True
    return any(within(one.what, f"bot.{package}") for package in may_know)


# Imports ---------------------------------------------------------------------------------------------------


def test_every_module_belongs_to_a_package_of_the_plan() -> None:
    unplanned = sorted(module for module in files("bot") if module != "bot" and package_of(module) is None)
    assert not unplanned, "say in MAY_KNOW what these may import"


def test_the_plan_names_only_its_own_packages() -> None:
    named = set[str]().union(*MAY_KNOW.values()) - {"*", "adapters"}
    assert named <= set(MAY_KNOW)


def test_packages_import_only_what_the_plan_allows() -> None:
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
        pytest.fail(f"a cycle: {' <- '.join(error.args[1])}")


def test_only_the_wiring_imports_adapters() -> None:
    importers = {one.by for one in all_imports("bot") if within(one.what, "adapters")}
    assert importers <= {module for module in files("bot") if within(module, "bot.wiring")}


def test_adapters_import_the_ports_and_never_each_other() -> None:
    def wrong(one: Import) -> bool:
        if within(one.what, "bot"):
            return not any(within(one.what, package) for package in ADAPTERS_KNOW)
        own = ".".join(one.by.split(".")[:2])
        return within(one.what, "adapters") and not within(one.what, own) and not within(one.what, "adapters.kit")

    pretend = imports(PRETEND, ROOT / f"{PRETEND.replace('.', '/')}.py")
    assert [str(one) for one in [*all_imports("adapters"), *pretend] if wrong(one)] == []


def test_a_third_platform_is_about_a_hundred_lines() -> None:
    lines = (ROOT / f"{PRETEND.replace('.', '/')}.py").read_text(encoding="utf-8").split("\n\n\n", 1)[1].splitlines()
    assert len([line for line in lines if line.strip()]) < HUNDRED


def test_the_program_imports_no_tests_or_benchmarks() -> None:
    outside = [one for one in all_imports("bot", "adapters") if one.what.split(".")[0] in {"tests", "benchmarks"}]
    assert [str(one) for one in outside] == []


def test_each_library_is_imported_by_one_package() -> None:
    elsewhere = [
        one
        for one in all_imports("bot", "adapters")
        if (home := LIBRARY_PACKAGES.get(one.what.split(".")[0]))
        and not within(one.by, home)
        and f"{one.what}.{one.name}" not in SHARED_NAMES
    ]
    assert [str(one) for one in elsewhere] == []


def test_one_module_imports_apscheduler() -> None:
    importers = {one.by for one in all_imports("bot", "adapters") if within(one.what, "apscheduler")}
    assert len(importers) <= 1, importers


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
        ("bot.unplanned", "bot.messages", False),
    ],
)
def test_imports_are_allowed_as_planned(by: str, what: str, answer: bool) -> None:  # noqa: FBT001 -- a column
    assert allowed(Import(by, 1, what)) is answer


# Files -----------------------------------------------------------------------------------------------------


def test_the_top_level_has_the_planned_entries(ours: list[str]) -> None:
    top = {name.split("/")[0] for name in ours}
    assert top <= TOP | TOP_OPTIONAL
    assert top >= TOP


def test_no_module_has_an_empty_name() -> None:
    every = files("bot", "adapters", "tests", "benchmarks")
    assert [name for name in every if EMPTY_NAMES & set(name.split("."))] == []


def test_files_are_short() -> None:
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in files("bot", "adapters").items()
    }
    longest = sorted(lengths.items(), key=lambda one: -one[1])
    report = "\n".join(f"{lines:5} {module}" for module, lines in longest[:12])
    assert longest[0][1] <= LONGEST, f"the longest:\n{report}"
    assert statistics.median(lines for lines in lengths.values() if lines) <= MEDIAN, f"the longest:\n{report}"


# Forbidden calls -------------------------------------------------------------------------------------------


def reads_clock(written: str) -> bool:
    """Whether a call asks the machine for the time of day. `clock.now()` asks our clock, so it doesn't count."""
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
    assert set(READS_A_CLOCK) <= set(found), "an exception that no file needs"


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{module}:{line}"
        for module, path in files("bot", "adapters").items()
        for line, written in calls(path)
        if written == "print" and not within(module, "bot.cli")
    ]
    assert printing == []
