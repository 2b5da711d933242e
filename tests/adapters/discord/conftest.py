"""The pretend Discord, a core in memory, and adapters that are closed afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from adapters.discord.platform import Discord
from tests.adapters.discord.workbench import Core, Opened, adapter
from tests.sims.simulator import Simulator, simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("discord") as one:
        yield one


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
async def opened(core: Core) -> AsyncIterator[Opened]:
    """Opens adapters, and closes them afterwards."""
    async with AsyncExitStack() as stack:

        async def open_one(sim: Simulator, **settings: Any) -> Discord:  # noqa: ANN401 -- as in Server
            made = adapter(sim, core, **settings)
            stack.push_async_callback(made.close)
            await made.open()
            return made

        yield open_one


@pytest.fixture
def all_words() -> Iterator[Simulator]:
    with simulator("discord", intents_allowed=["message_content"]) as one:
        yield one
