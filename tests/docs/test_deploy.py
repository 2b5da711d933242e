"""The samples for operators in `deploy/` fit what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import yaml

from bot.store import place_status
from bot.wiring import metrics

DEPLOY = Path(__file__).parents[2] / "deploy"

GUIDE = DEPLOY.parent / "docs/operators.md"


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


def test_each_state_of_a_place_is_told() -> None:
    assert set(metrics._STATES) == set(get_args(place_status.State))
