"""The log: what a library says again and again is summed up."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.errors import StoreError, cause_of


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log writes; the root logger is as before afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    root.handlers = []
    monkeypatch.setattr("sys.stderr", stream)
    log.configure(form="json")
    yield stream
    root.handlers, root.level = before, level


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.usefixtures("written")
def test_a_short_verb_configures_the_log_once_a_library_warns(capsys: pytest.CaptureFixture[str]) -> None:
    late = log._Late("info", "json")
    logging.basicConfig(handlers=[late], force=True)
    logging.getLogger("library").warning("words of a participant")
    (line,) = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["event"], json.loads(line)["library"]) == ("library.warning", "library")
    assert "participant" not in line
    assert late not in logging.getLogger().handlers


@pytest.mark.usefixtures("written")
def test_a_file_rotates_and_keeps_so_many(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "convenor.log"
    file = log.RotatingFile(path, megabytes=1, kept=2)
    file.maxBytes = 2000
    log.configure(form="auto", file=file)
    for number in range(60):
        structlog.get_logger().info("test.counted", number=number, filling="." * 100)
    logging.getLogger("library").warning("words of a participant")
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name, f"{path.name}.1", f"{path.name}.2"]
    assert all(one.stat().st_size <= 2000 for one in tmp_path.iterdir())
    *_, before, last = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert (before["number"], last["event"], last["library"]) == (59, "library.warning", "library")
    assert "words" not in path.read_text(encoding="utf-8")
    file.close()
    path.unlink()
    path.mkdir()  # nothing can be written any more
    structlog.get_logger().error("test.lost")
    assert capfd.readouterr() == ("", "")
    structlog.reset_defaults()


def test_the_same_warning_is_written_once_a_minute_and_at_the_end_with_how_often_it_came(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("bot.log.time.monotonic", lambda: now)

    def warn() -> None:
        logging.getLogger("asyncio").warning("socket.accept() out of system resource: a participant's words")

    for second in range(200):
        now = float(second)
        for _ in range(50):
            warn()
        if second == 30:
            logging.getLogger("uvicorn.error").warning("another")
    for handler in logging.getLogger().handlers:
        handler.close()
    told = lines(written)
    assert len(told) <= 8
    assert sum(int(str(one.get("times", 1))) for one in told if one["library"] == "asyncio") == 10_000
    assert [one["library"] for one in told].count("uvicorn.error") == 1
    assert "participant" not in written.getvalue()


def test_a_log_says_why_the_store_refused_and_of_other_errors_only_their_kind() -> None:
    assert cause_of(StoreError("The store did not take it: DeadlockDetected.")) == (
        "The store did not take it: DeadlockDetected."
    )
    assert cause_of(ValueError("what somebody wrote")) == "ValueError"
