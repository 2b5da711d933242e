"""The log: constant event names plus fields, to standard error or a file. Never a secret, never a participant's words.

In a terminal it is coloured text, elsewhere one JSON object a line.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO, cast

if TYPE_CHECKING:
    import structlog

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "console", "json"]

_SUMMED_FOR = 60.0
"""Seconds in which the same warning of a library is written once."""


def configure(level: Level = "info", form: Format = "auto", file: RotatingFile | None = None) -> None:
    """Configure the log, once at the start of the process. Warnings of libraries go the same way.

    It goes to standard error, or to `file`.
    """
    import structlog  # noqa: PLC0415 -- it takes a sixth of the time of a short verb that logs nothing

    stream = file or sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- a daemon may have closed it
    plain = form == "console" or (form == "auto" and stream.isatty())
    finish: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=file is None) if plain else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, _without_trace, finish],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=True,
    )
    handler = _SummingHandler(cast("TextIO", stream))
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_only_name, finish]))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def configure_late(level: Level = "info", form: Format = "auto") -> None:
    """Configure the log once a library has something to say: for a short verb whose own parts log nothing."""
    if "structlog" in sys.modules:
        configure(level, form)
    else:
        logging.basicConfig(level=logging.WARNING, handlers=[_Late(level, form)], force=True)


class _Late(logging.Handler):
    """Takes the first record, configures the log, and hands the record on."""

    def __init__(self, level: Level, form: Format) -> None:
        super().__init__()
        self._wanted: tuple[Level, Format] = level, form

    def emit(self, record: logging.LogRecord) -> None:
        configure(*self._wanted)
        logging.getLogger().handle(record)


class RotatingFile(RotatingFileHandler):
    """A log file, written a line at a time. At `megabytes` it is renamed and a new one begun.

    `kept` old files stay, as `convenor.log.1` and so on. Only their owner may read them. A full disk costs lines, not
    the bot. Raises OSError if the file can't be opened.
    """

    def __init__(self, path: Path, *, megabytes: int, kept: int) -> None:
        super().__init__(path, maxBytes=megabytes * 1_000_000, backupCount=kept, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        opened = open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=private)  # noqa: SIM115 -- Path.open takes no opener
        return cast("TextIOWrapper", opened)

    def write(self, text: str) -> None:
        """Write a line, with or without its end."""
        if line := text.rstrip("\n"):
            self.handle(logging.makeLogRecord({"msg": line}))

    def isatty(self) -> bool:
        """A file is no terminal."""
        return False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the library's name
        """Do nothing: if the disk is full, any other place may be full as well."""


class _SummingHandler(logging.StreamHandler[TextIO]):
    """Writes the warnings of libraries. A repeated one is written once a minute, with `times`, and at the end."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._told: dict[str, float] = {}
        self._untold: dict[str, tuple[logging.LogRecord, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        key = f"{record.name} {record.module}:{record.lineno} {record.levelno}"
        _, times = self._untold.get(key, (record, 0))
        self._untold[key] = record, times + 1
        if time.monotonic() - self._told.get(key, -_SUMMED_FOR) >= _SUMMED_FOR:
            self._tell()

    def close(self) -> None:
        with self.lock or contextlib.nullcontext():
            self._tell()
        super().close()

    def _tell(self) -> None:
        """Write the pending warnings, each with its count."""
        for key, (record, times) in self._untold.items():
            record.times = times
            super().emit(record)
            self._told[key] = time.monotonic()
        self._untold.clear()


def _without_trace(
    _logger: structlog.typing.WrappedLogger, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop a traceback, which could show a participant's words, and keep the kind of error."""
    trace = event.pop("exc_info", None)
    if trace:
        kind = sys.exc_info()[0] if trace is True else type(trace)
        event["error"] = getattr(kind, "__name__", "unknown")
    return event


def _only_name(
    _logger: structlog.typing.WrappedLogger, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop the message of a library, which could quote its input; keep the library, the line and the kind of error."""
    record: logging.LogRecord = event["_record"]
    kind = record.exc_info[0] if record.exc_info else None
    return {
        "event": "library.warning",
        "level": event["level"],
        "timestamp": event["timestamp"],
        "library": record.name,
        "line": f"{record.module}:{record.lineno}",
        **({"times": times} if (times := getattr(record, "times", 1)) > 1 else {}),
        **({"error": kind.__name__} if kind else {}),
    }
