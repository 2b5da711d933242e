"""The repository is complete, and says nothing about the machine it was made on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import keep_compiled_modules

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "tests/browser/package-lock.json")

MACHINE = re.compile(r"(?<![\w.])/(?:work|root)/")
REGISTRY = re.compile(
    "|".join([r"\bpypi\." + "org", "python" + "hosted", r"npm" + r"js\.(?:org|com)", "yarnpkg" + r"\."])
)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def locked(name: str) -> set[str]:
    return {match.lower() for match in re.findall(r"^([\w.-]+)(?:\[.*\])?==", text(name), re.MULTILINE)}


def bare(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def wanted(group: str | None) -> set[str]:
    project = tomllib.loads(text("pyproject.toml"))
    if group is None:
        return {bare(one) for one in project["project"]["dependencies"]}
    return {bare(one) for one in project["dependency-groups"][group] if isinstance(one, str)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_no_address(name: str) -> None:
    if not (ROOT / name).exists():
        pytest.skip(f"no {name}")
    assert re.findall(r"\S*https?://\S*", text(name)) == []


def test_every_dependency_is_locked() -> None:
    assert wanted(None) | wanted("build") <= locked("requirements.txt")
    assert wanted("dev") | wanted("build") <= locked("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_version_has_a_hash(name: str) -> None:
    entries = re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", text(name), flags=re.MULTILINE)[1:]
    assert [one.partition(" ")[0] for one in entries if "--hash=sha256:" not in one] == []


def test_the_two_locks_agree() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==[\w.]+)", text(name), re.MULTILINE))

    here, dev = versions("requirements.txt"), versions("requirements-dev.txt")
    names = {one.partition("==")[0] for one in here}
    assert {one for one in dev if one.partition("==")[0] in names} <= here


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["machine", "registry"])
def test_no_file_names_a_machine_or_registry(ours: list[str], pattern: re.Pattern[str]) -> None:
    found = []
    for name in ours:
        try:
            lines = text(name).splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


def test_scripts_can_be_run() -> None:
    for script, shell in {".ci/run": "bash", "tests/setup/browser": "sh"}.items():
        assert (ROOT / script).stat().st_mode & 0o111, script
        subprocess.run([shell, "-n", script], cwd=ROOT, check=True)  # noqa: S603 -- names from above


def test_ci_runs_every_check_and_nothing_weaker() -> None:
    assert re.search(r"^exec make .*\btest\b", text(".ci/run"), re.MULTILINE)
    planned = subprocess.run(
        ["make", "--dry-run", "--always-make", "test"],  # noqa: S607 -- whichever make there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for check in ("ruff check\n", "ruff format --check\n", "mypy\n", "-m pytest"):
        assert check in planned


def test_the_bill_of_materials_is_made_of_the_lock() -> None:
    planned = subprocess.run(
        ["make", "--dry-run", "--always-make", "sbom"],  # noqa: S607 -- whichever make there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "cyclonedx-py requirements --pyproject pyproject.toml" in planned
    assert "-o out/sbom.json requirements.txt" in planned


def test_help_lists_the_targets() -> None:
    said = subprocess.run(
        ["make", "help"],  # noqa: S607 -- whichever make there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for target in ("demo", "test", "check", "lint", "bench", "drawing", "lock", "clean"):
        assert f"make {target} " in said


def test_the_set_up_names_the_tests_it_will_skip(tmp_path: Path) -> None:
    bare_machine = tmp_path / "bin"
    bare_machine.mkdir()
    for tool in ("dirname", "find", "id", "sh"):
        (bare_machine / tool).symlink_to(shutil.which(tool) or tool)
    copy = tmp_path / "tests" / "setup" / "browser"
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tests/setup/browser", copy)
    (tmp_path / "tests" / "browser").mkdir()
    (tmp_path / "tests" / "browser" / "package-lock.json").touch()
    done = subprocess.run(  # noqa: S603 -- our own script
        [str(bare_machine / "sh"), str(copy)],
        env={"PATH": str(bare_machine)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "browser tests will be skipped",
        "pages will not be validated",
        "accessibility tests will be skipped",
    ]
    assert done.stderr == ""


def test_programs_keep_compiled_modules_where_none_may_be_written_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    keep_compiled_modules()
    words = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    done = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)  # noqa: S603 -- ours
    assert done.stdout == f"False {ROOT / '.pytest_cache' / 'compiled'}\n"
