"""The CPU time and memory for writing a transcript, compared with the minimum for reading and writing the same events.

The minimum is decoding the log with msgspec and dumping the same values with the standard library's json. Each runs in
a fresh process of its own, so that the ratio holds on any machine. Memory is the peak of the process.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.chat import Chat, Question
from bot.messages import AnyEvent, Author, Message, Posted, event_log
from bot.reporting.files import write

START = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)


def main(count: int = 25_000) -> None:
    """Measure both, and print time, memory and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.jsonl"
        with log.open("wb") as file:
            event_log.write(benchmark_events(count), file)
        limit = _in_fresh_process(_limit, log)
        ours = _in_fresh_process(_ours, log)
        written = sum(one.stat().st_size for one in (Path(folder) / "out").iterdir())
    print(f"{count} messages, {written / 1e6:.0f} MB written")
    print(f"limit      {limit[0]:6.2f} s   {limit[1] / 1e6:6.0f} MB")
    print(f"transcript {ours[0]:6.2f} s   {ours[1] / 1e6:6.0f} MB")
    print(f"ratio      {ours[0] / limit[0]:6.1f}     {ours[1] / limit[1]:6.1f}")


def _limit(log: Path) -> None:
    lines = log.read_bytes().splitlines()
    decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
    events = [decoder.decode(line) for line in lines]
    with (log.parent / "limit.json").open("w") as file:
        file.writelines(json.dumps(msgspec.to_builtins(event)) + "\n" for event in events)


def _ours(log: Path) -> None:
    write(log.parent / "out", benchmark_chat(), event_log.read(log))


def _in_fresh_process(task: Callable[[Path], None], log: Path) -> tuple[float, int]:
    """The seconds and peak bytes of a task."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[tuple[float, int]] = context.Queue()
    process = context.Process(target=_measure, args=(task, log, queue))
    process.start()
    result = queue.get()
    process.join()
    return result


def _measure(task: Callable[[Path], None], log: Path, queue: multiprocessing.Queue[tuple[float, int]]) -> None:
    began = time.process_time()
    task(log)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    queue.put((seconds, peak if sys.platform == "darwin" else peak * 1024))


def benchmark_chat() -> Chat:
    """A chat with five questions."""
    asked = (START + timedelta(minutes=10 * number) for number in range(1, 6))
    return Chat(
        name="pretend/benchmark",
        title="A pretend chat",
        hashtag="#OTalk",
        starts=START,
        length=timedelta(hours=1),
        timezone="Europe/London",
        questions=tuple(Question(key=f"q{n}", text=f"Question {n}?", at=at) for n, at in enumerate(asked, start=1)),
        welcome="Welcome",
        rules="Rules",
        closing="Goodbye",
    )


def benchmark_events(count: int) -> list[AnyEvent]:
    """The bot's questions, and so many messages with marks, replies and links."""
    posts: list[AnyEvent] = [
        Posted(place="x", id=f"b{one.key}", key=one.key, kind="question", at=one.at)
        for one in benchmark_chat().questions
    ]
    return posts + [_message(number, count) for number in range(count)]


def _message(number: int, count: int) -> Message:
    who = number % 997
    text = f"A{number % 5 + 1} what we found with @pretend_{number % 89} is at https://example.org/{number} & <more>"
    return Message(
        place=("x", "room")[number % 2],
        id=f"{number}",
        author=Author(id=f"{who}", handle=f"@pretend_{who}", name=f"Pretend participant {who}", followers=who),
        text=text,
        at=START + timedelta(minutes=70) * number / count,
        reply_to=f"{number - 2}" if number % 3 == 0 else None,
        url=f"https://example.org/status/{number}",
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
