"""Fixtures for tests that run a verb in their own process: an empty folder, and logging reset afterwards."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """Undo the logging set-up of a verb."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: empty but for a folder for chat files. No settings come from the environment."""
    for name in [name for name in os.environ if name.startswith("CONVENOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s").mkdir()
    return tmp_path
