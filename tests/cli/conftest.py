"""For tests that say a verb in their own process: a folder of their own, and the log given back afterwards."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """The front door sets the log up for its own process; here it is given back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with one for chat files, to be in; no setting comes from the environment."""
    for name in [name for name in os.environ if name.startswith("CONVENOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s").mkdir()
    return tmp_path
