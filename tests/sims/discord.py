"""A pretend Discord in a process of its own: REST v10 and gateway v10 on one port, and the ground truth.

Run as `python -m tests.sims.discord '{…}'`; prints its port. The setup, all optional: `token`, `visible_after`,
`nonce_seconds` and `answer_seconds` (for an interaction), `intents_allowed`, `denied`, `heartbeat_interval` (ms) and
`rate` (requests per route and channel in `window` seconds, five unless said). It knows one guild (500) with the
text channels 600 and 601 and one bot (1000); `more_guilds` gives others, each with the id of its one channel.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiohttp import web

from tests.sims.discord_access import Access
from tests.sims.discord_commands import Commands
from tests.sims.discord_control import Control
from tests.sims.discord_gateway import Gateway
from tests.sims.discord_guild import Guild
from tests.sims.discord_interactions import Calls
from tests.sims.discord_messages import Messages
from tests.sims.discord_requests import WINDOW, Requests
from tests.sims.discord_world import Json, World
from tests.sims.simulator_server import SimulatorServer


def server(setup: Json) -> SimulatorServer:
    world = World(setup)
    gateway = Gateway(world, setup.get("heartbeat_interval", 41250))
    requests = Requests(world.token, setup.get("rate", 1000), setup.get("window", WINDOW))
    access = Access(world, gateway)
    calls = Calls(access)
    made = SimulatorServer("discord")
    made.on_down = gateway.drop
    made.app.middlewares.append(requests.middleware)
    for part in (Messages(access), Guild(access), Commands(access), calls, Control(access, calls, requests)):
        made.app.router.add_routes(part.routes())
    made.app.router.add_get("/", gateway.serve)
    made.app.router.add_get("/gateway", gateway.serve)
    made.app.router.add_get("/attachments/{channel}/{id}/{name}", lambda request: _file(world, request))
    return made


async def _file(world: World, request: web.Request) -> web.StreamResponse:
    """As a stream: what is not text cannot be written down among the exchanges."""
    data = world.files.get(int(request.match_info["id"]))
    stream = web.StreamResponse(status=404 if data is None else 200)
    await stream.prepare(request)
    await stream.write(data or b"")
    return stream


if __name__ == "__main__":
    asyncio.run(server(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}).serve())
