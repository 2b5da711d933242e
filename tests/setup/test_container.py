"""The Dockerfile, as far as it can be held without an engine."""

from __future__ import annotations

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.setup.test_repository import wanted

ROOT = Path(__file__).parent.parent.parent


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined, comments left out."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in lines if not line.startswith("#")))
    return [
        (word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def final() -> list[tuple[str, str]]:
    """The instructions of the last stage: what is handed out."""
    every = instructions()
    last = max(number for number, (word, _) in enumerate(every) if word == "FROM")
    return every[last:]


def value(word: str) -> str:
    """The last value of an instruction in the last stage."""
    return [rest for one, rest in final() if one == word][-1]


def environment() -> dict[str, str]:
    """What the last stage sets."""
    return dict(pair.split("=", 1) for word, rest in final() if word == "ENV" for pair in shlex.split(rest))


def copied() -> list[str]:
    """What is copied from the checkout, not from another stage."""
    sources = []
    for word, rest in instructions():
        if word == "COPY" and "--from=" not in rest:
            sources += [one for one in shlex.split(rest)[:-1] if not one.startswith("--")]
    return sources


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_exists_and_is_not_kept_out(source: str) -> None:
    assert (ROOT / source).exists()
    kept = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and fnmatch(source, line.removeprefix("!").rstrip("/")):
            kept = line.startswith("!")
    assert kept


def test_versions_come_from_the_lock() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert installs
    steps = [step for rest in installs for step in rest.split("&&") if "pip install" in step]
    assert all("--require-hashes" in step or "--no-deps" in step for step in steps)


def test_the_base_is_named_by_its_digest() -> None:
    bases = [rest for word, rest in instructions() if word == "ARG"]
    assert len(bases) == 1
    assert re.fullmatch(r"BASE=python:3\.\d+-slim@sha256:[0-9a-f]{64}", bases[0])
    assert {rest.split()[0] for word, rest in instructions() if word == "FROM"} == {"$BASE"}


def test_what_installs_or_builds_is_taken_out() -> None:
    built = next(rest for word, rest in instructions() if "--no-deps ." in rest)
    for tool in (*wanted("build"), "pathspec", "pluggy", "trove-classifiers"):
        assert re.search(rf"uninstall .*\b{tool}\b", built), tool
    assert built.endswith("pip uninstall --yes pip")
    assert any(word == "RUN" and "pip uninstall" in rest for word, rest in final())
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for tool in ("pathspec", "pluggy", "trove-classifiers"):
        assert re.search(rf"^{tool}==(?:.*\n)(?: +--hash.*\n)+    # via hatchling\n", lock, re.MULTILINE), (
            "it is in use"
        )


def test_it_is_shown_without_rights_and_with_nothing_to_write_but_its_data() -> None:
    shown = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges" in shown


def test_it_runs_as_nobody_special_and_keeps_its_data() -> None:
    assert value("USER") not in {"root", "0"}
    assert value("VOLUME") == "/data"
    assert value("WORKDIR") == "/data"
    assert value("STOPSIGNAL") == "SIGTERM"


def test_it_starts_the_bot_without_a_shell_between() -> None:
    assert json.loads(value("ENTRYPOINT")) == ["convenor"]
    assert json.loads(value("CMD")) == ["run"]


def test_the_room_is_heard_outside_and_asked_whether_it_is_well() -> None:
    said = environment()
    assert said["CONVENOR_PLACES__ROOM__HOST"] == "0.0.0.0"
    assert value("EXPOSE") == said["CONVENOR_PLACES__ROOM__PORT"]
    assert f":{value('EXPOSE')}/healthz" in value("HEALTHCHECK")


def test_it_carries_no_secret() -> None:
    assert [name for name in environment() if re.search(r"SECRET|TOKEN|KEY|PASSWORD", name)] == []
