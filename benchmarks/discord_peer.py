"""The cost of a message on Discord, beside a bare bot that only keeps what it hears.

Both get the same lines of the gateway, as Discord documents MESSAGE_CREATE, and both parse them with discord.py's own
reader. The bare bot is discord.py's client with `on_message`, which puts a row into plain `sqlite3` and commits every
500; it has no question, no rules and nobody to show a message to, and after a crash the rows since the last commit are
gone. Convenor is its adapter, its inbox and its store. CPU time of the whole process, without the network.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
from discord import utils

from adapters.discord.location import Location
from adapters.discord.translation import to_events
from benchmarks.inbound import opened
from benchmarks.pretend import STARTS, messages
from bot.messages import AnyEvent
from bot.wiring.garbage_collector import tune_garbage_collector

_GUILD, _CHANNEL, _ME = 1, 2, 3
_BATCH = 500
_FLOOD = 2000


def lines(count: int) -> list[str]:
    """The gateway's lines for messages spread over the hour."""
    return [json.dumps({"op": 0, "s": one, "t": "MESSAGE_CREATE", "d": _payload(one, count)}) for one in range(count)]


def _payload(number: int, count: int) -> dict[str, object]:
    """A message by one of 300 people, with the texts of the inbound benchmark; a fifth are replies."""
    at = STARTS + timedelta(hours=1) * number / count
    said, who = messages(1, start=number)[0], number % 300
    reply: dict[str, object] = {}
    if number % 5 == 1 and number > 1:
        ids = {"message_id": str(_id(at) - 1), "channel_id": str(_CHANNEL), "guild_id": str(_GUILD)}
        reply = {"message_reference": {"type": 0, **ids}}
    return {
        "id": str(_id(at) + number),
        "channel_id": str(_CHANNEL),
        "guild_id": str(_GUILD),
        "author": _user(who),
        "member": {"nick": None, "roles": [], "joined_at": "2019-01-01T00:00:00+00:00", "deaf": False, "mute": False}
        | {"flags": 0, "avatar": None, "pending": False, "premium_since": None, "communication_disabled_until": None},
        "type": 19 if reply else 0,
        "content": said.text,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        "components": [],
        "timestamp": at.isoformat(),
        "edited_timestamp": None,
        "flags": 0,
        "pinned": False,
        "tts": False,
        **reply,
    }


def _id(at: datetime) -> int:
    return utils.time_snowflake(at)


def _user(who: int) -> dict[str, object]:
    name = f"pretend_{who}"
    return {"id": str(1000 + who), "username": name, "global_name": f"Pretend participant {who}", "avatar": None} | {
        "discriminator": "0",
        "public_flags": 0,
        "bot": False,
    }


class _Bare(discord.Client):
    """Keeps each message in a row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(intents=discord.Intents.all())
        self._kept = connection
        self.count = 0

    async def on_message(self, message: discord.Message) -> None:
        """Keep it; every 500 are committed."""
        row = (message.id, message.channel.id, message.author.id, message.author.name, message.content)
        reply = message.reference.message_id if message.reference else None
        self._kept.execute("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, reply, str(message.created_at)))
        self.count += 1
        if self.count % _BATCH == 0:
            self._kept.commit()


async def bare(said: list[str], folder: Path) -> float:
    """CPU microseconds a message."""
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, channel, author, name, text, reply, at)")
    client = _Bare(connection)
    await client._async_setup_hook()  # noqa: SLF001 -- what `connect` does first
    parse = client._connection.parsers["MESSAGE_CREATE"]  # noqa: SLF001 -- where the gateway hands it
    begun = time.process_time()
    for start in range(0, len(said), _FLOOD):
        for line in said[start : start + _FLOOD]:
            parse(json.loads(line)["d"])
        while client.count < min(start + _FLOOD, len(said)):
            await asyncio.sleep(0)
    spent = (time.process_time() - begun) / len(said) * 1e6
    connection.commit()
    connection.close()
    return spent


async def ours(said: list[str], folder: Path) -> float:
    """CPU microseconds a message."""
    place = Location(place="discord", guild=_GUILD, channel=_CHANNEL, me=_ME)
    now = datetime.now(UTC)

    def heard(line: str) -> tuple[AnyEvent, ...]:
        return to_events("MESSAGE_CREATE", json.loads(line)["d"], location=place, now=now)

    async with opened(folder, place="discord") as (inbox, _, _):
        begun = time.process_time()
        for start in range(0, len(said), _FLOOD):
            async with asyncio.TaskGroup() as group:
                for line in said[start : start + _FLOOD]:
                    for event in heard(line):
                        group.create_task(inbox.hear(event))
        spent = (time.process_time() - begun) / len(said) * 1e6
        assert await inbox.stored(["discord"], [json.loads(said[-1])["d"]["id"]])
    return spent


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main(count: int = 10_000) -> None:
    """Measure and print."""
    said = lines(count)
    tune_garbage_collector()
    with _folder() as folder:
        alone = asyncio.run(bare(said, folder))
    with _folder() as folder:
        spent = asyncio.run(ours(said, folder))
    print(f"Discord: CPU a message from the gateway's line to stored, {count:,} messages")
    print(f"  {spent:.1f} µs ours, {alone:.1f} µs a bare discord.py bot, ratio {spent / alone:.2f}")


if __name__ == "__main__":
    main()
