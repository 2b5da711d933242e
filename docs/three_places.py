"""A chat of two minutes on the room, X and Discord at once, hosted by `convenor run`; the two platforms are simulated.

`python -m docs.three_places FOLDER` writes its transcript to FOLDER/out; `make pictures` photographs it. All
participants are pretend, and say so.
"""

# ruff: noqa: INP001 -- a script beside the pages, not a package

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.room.browser_client import BrowserClient
from tests.sims.simulator import Simulator, simulator

NAME = "pretend/after-the-shift"
CONVENOR = str(Path(sys.executable).with_name("convenor"))
QUESTIONS = (
    "What helps you to let go of a hard shift?",
    "Which of it did you learn from a colleague, and how?",
    "What could your team change so that a break is a break?",
)
FIRST, EVERY, LENGTH = 20, 30, 120
"""Seconds."""

SCRIPT: tuple[tuple[int, float, str, str, str], ...] = (
    (0, 6, "room", "Pretend participant A", "Hello from the web room, first time here."),
    (0, 9, "discord", "Pretend participant B", "Evening all, a student, reading and writing on Discord."),
    (1, 4, "x", "pretend_c", "A1 I walk the last two stops instead of taking the bus"),
    (1, 7, "discord", "Pretend participant B", "A cup of tea before I open any door at home."),
    (1, 10, "room", "Pretend participant A", "Writing down three things that went well, then closing the book."),
    (1, 14, "x", "pretend_d", "A1 Singing. Badly. In the car."),
    (2, 4, "discord", "Pretend participant E", "My supervisor showed me how to hand over properly, so it stays there."),
    (2, 8, "x", "pretend_c", "A2 A nurse told me: wash your hands of it, and mean it"),
    (2, 12, "room", "Pretend participant A", "A2 Nobody taught me, I wish somebody had."),
    (3, 4, "room", "Pretend participant A", "A room without a telephone."),
    (3, 7, "x", "pretend_d", "A3 Somebody who covers for you by name, not in general"),
    (3, 11, "discord", "Pretend participant B", "Put it in the rota like everything else that matters."),
)
"""The question (0: before the first), seconds after it, the place, the author, and the text."""


def host_chat(folder: Path) -> Path:
    """Host the chat in `folder`; return its transcript as HTML."""
    with simulator("x", visible_after=0.5) as x, simulator("discord") as discord:
        starts = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
        _write(folder, starts, x, discord)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CONVENOR_")}
        process = subprocess.Popen([CONVENOR, "run"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own program
        try:
            assert process.stdout is not None  # noqa: S101 -- PIPE
            room = process.stdout.readline().rpartition(" at ")[2].strip()
            asyncio.run(_talk(room, x, discord, starts))
        finally:
            process.terminate()
            process.wait(15)
    subprocess.run([CONVENOR, "report", NAME, "--out", "out"], cwd=folder, env=environment, check=True)  # noqa: S603 -- as above
    return folder / "out" / "transcript.html"


def _write(folder: Path, starts: datetime, x: Simulator, discord: Simulator) -> None:
    series = folder / "schedules" / "pretend"
    series.mkdir(parents=True)
    questions = "".join(f'\n[[questions]]\ntext = "{text}"\n' for text in QUESTIONS)
    (series / "after-the-shift.toml").write_text(
        f'title = "After the shift: a pretend chat on three places"\nhashtag = "#AfterShift"\n'
        f'starts = {starts.replace(tzinfo=None).isoformat()}\ntimezone = "UTC"\nlength = "{LENGTH}s"\n'
        f'first = "{FIRST}s"\nevery = "{EVERY}s"\nplaces = ["room", "x", "discord"]\n{questions}',
        encoding="utf-8",
    )
    (folder / "config.toml").write_text(
        '[hosting]\nlead = "2s"\n[places.room]\nport = 0\n'
        f'[places.x]\nhandle = "@OTalk_"\nconsumer_key = "ck"\nconsumer_secret = "cs"\naccess_token = "1000-at"\n'
        f'access_token_secret = "ats"\napi_url = "{x.address}"\nmentions_every = "2s"\nsearch_every = "4s"\n'
        f'[places.discord]\ntoken = "bot-token"\nguild = 500\nchannel = 600\napi_url = "{discord.address}/api/v10"\n',
        encoding="utf-8",
    )


async def _talk(room: str, x: Simulator, discord: Simulator, starts: datetime) -> None:
    """Post every line of the script as a reply to the current question; then wait for the end."""
    async with BrowserClient(room, NAME, "Pretend participant A") as client, asyncio.TaskGroup() as group:
        await client.join()
        for question, after, place, who, text in SCRIPT:
            at = starts + timedelta(seconds=(FIRST + EVERY * (question - 1) if question else 0) + after)
            group.create_task(_say(at, question, place, who, text, client, x, discord))
        group.create_task(asyncio.sleep((starts - datetime.now(UTC)).total_seconds() + LENGTH + 10))


async def _say(
    at: datetime,
    question: int,
    place: str,
    who: str,
    text: str,
    client: BrowserClient,
    x: Simulator,
    discord: Simulator,
) -> None:
    await asyncio.sleep((at - datetime.now(UTC)).total_seconds())
    if place == "room":
        await client.post(text, question=f"q{question}" if question else "")
        return
    if place == "x":
        posts = [one for one in x.ask("truth")["posts"] if one["text"].startswith(f"Q{question}.")]
        name = f"Pretend participant {who[-1].upper()}"
        x.tell("say", by=who, name=name, text=f"{text} #AfterShift", reply_to=posts[0]["id"])
        return
    asked = [one for one in discord.ask("truth")["messages"] if one["content"].startswith(f"Q{question}.")]
    more = {"reply_to": asked[0]["id"]} if asked else {}
    discord.tell("say", by=who, text=text if asked else f"<@1000> {text}", **more)


if __name__ == "__main__":
    print(host_chat(Path(sys.argv[1])))  # noqa: T201 -- a script prints its result
