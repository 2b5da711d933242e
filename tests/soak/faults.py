"""What goes wrong in a trial: platforms that fail, kills, networks and permissions that go and come back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.chat import Chat
from bot.store import outbox_queries
from bot.store.database import Database
from tests.sharing.processes import Processes
from tests.sims.simulator import Simulator
from tests.sims.x_faults import TOO_MANY

_DENIED = (
    ["SEND_MESSAGES"],
    ["VIEW_CHANNEL"],
    ["EMBED_LINKS", "ATTACH_FILES", "PIN_MESSAGES"],
    ["CREATE_PUBLIC_THREADS"],
)
"""Permissions that a careless person takes from the bot, all of a row at once."""


class VoidError(Exception):
    """The machine was too busy to start the bot before the chat."""


def set_faults(x: Simulator, discord: Simulator, dice: random.Random) -> None:
    """Set the platforms' random faults: answers lost after a post was accepted, 429, 5xx, slowness."""
    soon = {"x-rate-limit-reset": str(int(time.time()) + 8), "x-rate-limit-remaining": "0"}
    problem = '{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}'
    limited = '{"message":"You are being rate limited.","retry_after":0.6,"global":false}'
    page = "<html><body>Over capacity</body></html>"
    on_x: list[dict[str, Any]] = [
        {"match": "POST /2/tweets$", "kind": "lost", "times": 99, "chance": 0.2},
        {"match": "POST /2/tweets$", "kind": "refused", "times": 99, "chance": 0.1},
        {"match": "POST /2/tweets$", "kind": "late", "seconds": 4.0, "times": 2, "chance": 0.1},
        {"match": "POST /2/tweets$", "kind": "status", "status": 503, "body": page, "times": 99, "chance": 0.1},
        {"match": "/2/", "kind": "status", "status": 429, "headers": soon, "body": problem, "times": 2, "chance": 0.1},
        {"match": "/2/", **TOO_MANY, "times": 2, "chance": 0.1},
        {"match": "GET /2/", "kind": "status", "status": 503, "body": page, "times": 99, "chance": 0.1},
        {"match": "GET /2/", "kind": "lost", "times": 99, "chance": 0.1},
    ]
    on_discord: list[dict[str, Any]] = [
        {"match": r"POST .*/messages$", "kind": "lost", "times": 99, "chance": 0.2},
        {"match": r"POST .*/messages$", "kind": "late", "seconds": 4.0, "times": 2, "chance": 0.1},
        {"match": r"POST .*/messages$", "kind": "status", "status": 502, "body": page, "times": 99, "chance": 0.1},
        {
            "match": r"/api/v10/channels",
            "kind": "status",
            "status": 429,
            "headers": {"Via": "1.1 pretend"},
            "body": limited,
            "times": 3,
            "chance": 0.1,
        },
        {"match": r"GET .*/messages", "kind": "refused", "times": 99, "chance": 0.1},
    ]
    x.tell("faults", seed=dice.randrange(2**31), faults=on_x)
    discord.tell("faults", seed=dice.randrange(2**31), faults=on_discord)


def kills(them: Processes, until: datetime, dice: random.Random) -> list[str]:
    """Kill the bot at one to three random moments, and start it again. Returns what was done."""
    [worker], begun = them.workers, time.monotonic()
    moments = sorted(dice.uniform(0.0, (until - datetime.now(UTC)).total_seconds()) for _ in range(dice.randint(1, 3)))
    for moment in moments:
        time.sleep(max(0.0, moment - (time.monotonic() - begun)))  # the moment is random; nothing is waited for
        them.harm(worker, "kill")
        them.mend(worker, "kill")
    return [f"kill at {moment:.1f}" for moment in moments]


def wait_until_planned(database: Database, chat: Chat) -> None:
    """Wait until the bot has planned the chat."""
    while not database.read_sync(outbox_queries.outbox_rows, chat.name):
        if datetime.now(UTC) > chat.starts:
            raise VoidError
        time.sleep(0.05)  # another process can only be asked again


def network(x: Simulator, discord: Simulator, chat: Chat, dice: random.Random, outage: float) -> list[str]:
    """Drop or block gateways, take permissions for a while, and drop the network during the outage, if there is one."""
    begins = (chat.starts - datetime.now(UTC)).total_seconds()
    done = list[tuple[float, str, Callable[[], object]]]()
    for _ in range(dice.randint(1, 2)):
        at, what = begins + dice.uniform(0.0, 10.0), dice.choice(["drop", "invalidate", "reconnect", "block"])
        done.append((at, f"gateway {what}", partial(discord.tell, "gateway", do=what)))
        if what == "block":
            unblock = partial(discord.tell, "gateway", do="unblock")
            done.append((at + dice.uniform(1.0, 4.0), "gateway unblock", unblock))
    if dice.random() < 0.5:
        at, channel, names = begins + dice.uniform(0.0, 8.0), dice.choice(["600", "601"]), dice.choice(_DENIED)
        deny = partial(discord.tell, "deny", channel=channel)
        done.append((at, f"{channel} without {names}", partial(deny, permissions=names)))
        done.append((at + dice.uniform(1.0, 6.0), f"{channel} as before", partial(deny, permissions=[])))
    began = time.monotonic()
    for moment, _, do in sorted(done, key=lambda one: one[0]):
        time.sleep(max(0.0, moment - (time.monotonic() - began)))  # as above
        do()
    without = dice.choice([(x,), (discord,), (x, discord)]) if outage else ()
    for one in without:
        one.tell("down", seconds=outage)
    return [name for _, name, _ in sorted(done, key=lambda one: one[0])] + [f"no network for {outage:g} s"] * bool(
        without
    )
