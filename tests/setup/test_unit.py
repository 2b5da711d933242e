"""The unit of systemd, as far as it can be held without running it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "deploy" / "convenor.service"


def test_the_unit_is_exposed_to_little() -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("no systemd-analyze")
    said = subprocess.run(  # noqa: S603 -- the system's own program
        [analyse, "security", "--offline=true", str(UNIT)], capture_output=True, text=True, timeout=120, check=False
    ).stdout
    level = re.search(r"exposure level for convenor\.service: ([\d.]+)", said)
    assert level
    assert float(level[1]) < 3


def test_the_unit_opens_enough_files_and_its_files_are_its_own() -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE))
    assert int(settings["LimitNOFILE"]) >= 4256
    assert settings["UMask"] == "0077"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings["ExecStart"].endswith("/convenor run")
