"""On Windows `convenor run` says what to do, before it makes any file. Only the system's name is pretended here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.cli.run import VERBS


def test_run_on_windows_names_what_to_use_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert VERBS, "its libraries are imported as on this system"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "platform", "win32")
    result = CliRunner().invoke(main, ["run"])
    assert result.exit_code == 2
    assert "WSL" in result.output
    assert "Docker" in result.output
    assert not list(tmp_path.iterdir())
