"""The samples for operators in `deploy/` fit what the program does."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.settings.places import RoomPlace
from bot.settings.settings import load_settings
from bot.store import place_status
from bot.wiring import metrics

ROOT = Path(__file__).parents[2]
DEPLOY, GUIDE = ROOT / "deploy", ROOT / "docs/reference.md"


def names_told() -> set[str]:
    """The metrics that are named in the program."""
    source = Path(str(metrics.__file__)).read_text(encoding="utf-8")
    gauges = {f"convenor_{name}" for name in re.findall(r"_gauge\(\s*\"(\w+)\"", source)}
    return gauges | {f"convenor_turn_seconds{end}" for end in ("_count", "_sum")}


def test_each_alert_asks_for_what_is_told_and_says_what_to_do() -> None:
    (group,) = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    assert len(group["rules"]) > 8
    for rule in group["rules"]:
        named = set(re.findall(r"convenor_\w+", rule["expr"]))
        assert named <= names_told(), rule["alert"]
        assert named or rule["alert"] == "ConvenorGone"
        assert rule["annotations"].keys() == {"summary", "remedy"}


def test_each_metric_is_explained() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("| metric |")[2].partition("\n\n")[0]
    told = {name.removesuffix("_count").removesuffix("_sum") for name in names_told()}
    assert set(re.findall(r"`(convenor_\w+)", table)) == told


def test_the_linter_of_compose_files_finds_nothing() -> None:
    """dclint, which knows the Compose specification's schema, and some mistakes besides."""
    linter = ROOT / "tests/browser/node_modules/.bin/dclint"
    if not linter.exists() or shutil.which("node") is None:
        pytest.skip("no dclint: `make setup` fetches it")
    done = subprocess.run(  # noqa: S603 -- our own linter
        [linter, "--max-warnings", "0", DEPLOY / "docker-compose.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_services_settings_are_accepted_with_those_of_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    services = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    image = re.findall(r"^ +(CONVENOR_\w+)=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for name, value in {**dict(image), **services["convenor"]["environment"]}.items():
        monkeypatch.setenv(name, re.sub(r"\$\{(?:DOMAIN|DB_PASSWORD)[^}]*\}", "chat.example.org", value))
    room = load_settings().places["room"]
    assert isinstance(room, RoomPlace)
    assert (room.public_url, room.behind_proxy, room.host) == ("https://chat.example.org", True, "0.0.0.0")


def test_each_state_of_a_place_is_told() -> None:
    assert set(metrics._STATES) == set(get_args(place_status.State))
