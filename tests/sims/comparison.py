"""Has all exchanges of a test run compared with the published contracts, once, by the process that leads the run.

`begin`, `finish` and `summarise` are for `conftest.py`. What is compared, and how, is in `published.py`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.sims.simulator_server import EXCHANGES

SPECS = Path(__file__).parents[2].parent / "shared" / "specs"
MISSING = "published API contracts not checked: ../shared/specs is missing"

# jsonschema takes a second to build this grammar, for the formats `iri` and `iri-reference`; neither contract has them.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_made: list[Path] = []
_said: list[str] = []


def begin(config: pytest.Config) -> None:
    """Make the folder for exchanges, before workers and simulators start; only where the run is led."""
    if hasattr(config, "workerinput") or os.environ.get(EXCHANGES):
        return
    if not SPECS.is_dir():
        _said.append(MISSING)
        return
    _made.append(Path(tempfile.mkdtemp(prefix="exchanges-")))
    os.environ[EXCHANGES] = str(_made[-1])


def finish(session: pytest.Session, exitstatus: int) -> None:
    """Look at all exchanges; a problem fails the run."""
    if not _made:
        return
    folder = _made.pop()
    os.environ.pop(EXCHANGES, None)
    try:
        if any(folder.iterdir()):
            from tests.sims.published import check  # noqa: PLC0415 -- its library takes long to import

            _said.extend(check(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if _said and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def summarise(terminalreporter: Any) -> None:  # noqa: ANN401 -- pytest does not publish its type
    """Say what was found, or that nothing could be."""
    if _said == [MISSING]:
        terminalreporter.write_line(MISSING)
    elif _said:
        terminalreporter.section("Not as the platforms' published contracts have it")
        for line in _said:
            terminalreporter.write_line(line, red=True)
