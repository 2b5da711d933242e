"""The metrics, in Prometheus' format: numbers by place, never people's words, names or ids.

Read for each request, at most once in five seconds. Where the store doesn't answer, only what the process knows itself
is told, and that the store doesn't answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import product
from typing import get_args

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from bot.clock import Clock
from bot.errors import StoreError
from bot.ports.platform import Platform
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.scheduler import Scheduler
from bot.store import place_status
from bot.store.database import Database
from bot.store.figures import Figures, figures
from bot.store.post_states import State
from bot.wiring.adapters import open_streams

_KEPT = 5.0
"""Seconds for which an answer is given again."""

_PATIENCE = 2.0
"""Seconds that the store has to answer."""

_MICROS = 1_000_000
"""Millionths of a US dollar in a dollar."""

_STATES: tuple[place_status.State, ...] = ("connected", "posting", "connecting", "down", "lost")
_VERDICTS = ("keep", "hold", "drop")

Rows = Iterable[tuple[tuple[str, ...], float]]
"""The values of a metric, each with its labels."""


class Metrics:
    """The numbers of one process and its store."""

    def __init__(
        self,
        database: Database,
        scheduler: Scheduler,
        monitor: PlaceMonitor,
        places: Mapping[str, Platform],
        clock: Clock,
    ) -> None:
        self._database, self._scheduler, self._monitor = database, scheduler, monitor
        self._places, self._clock = places, clock
        self._known: tuple[float, bytes] | None = None
        self._turn = asyncio.Lock()

    async def text(self) -> bytes:
        """The page, as it was made within the last seconds. Those who ask at once get the same."""
        async with self._turn:
            if self._known is None or time.monotonic() - self._known[0] > _KEPT:
                self._known = time.monotonic(), self._page(await self._figures())
            return self._known[1]

    async def _figures(self) -> Figures | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._database.read(figures, self._clock.now())
        except (StoreError, TimeoutError):
            return None

    def _page(self, found: Figures | None) -> bytes:
        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        registry.register(_Collected(lambda: [*self._own(found), *(_stored(found, [*self._places]) if found else ())]))
        return generate_latest(registry)

    def _own(self, found: Figures | None) -> Iterator[Metric]:
        """The metrics that this process knows without the store."""
        in_trouble = found is None or self._database.trouble() is not None
        yield _gauge("build", "Always 1; the version of Convenor.", [((version("convenor"),), 1)], "version")
        yield _gauge("store_up", "Whether the store takes and gives what it should.", [((), not in_trouble)])
        yield _gauge("planning", "Whether this process plans and helps the chats.", [((), self._scheduler.on_duty())])
        listening = [((name,), self._monitor.looks_after(name)) for name in self._places]
        yield _gauge("listening", "Whether this process listens on a place.", listening, "place")
        turns = self._scheduler.turns
        yield SummaryMetricFamily(
            "convenor_turn_seconds", "The turns of the scheduler.", count_value=turns.number, sum_value=turns.seconds
        )
        idle = self._scheduler.idle_for()
        yield _gauge("turn_age_seconds", "How long ago the last whole turn ended.", [((), idle)])
        states = {name: one.state for name, one in self._monitor.statuses().items()}
        rows = [((name, each), state == each) for name, state in states.items() for each in _STATES]
        yield _gauge("place_state", "1 for the state that a place is in.", rows, "place", "state")
        streams = [((name,), number) for name, one in self._places.items() if (number := open_streams(one)) is not None]
        yield _gauge("streams", "Pages of the room with live updates.", streams, "place")
        budgets = {name: one.traits.costs.budget for name, one in self._places.items()}
        caps = [((name,), budget.month / _MICROS) for name, budget in budgets.items() if budget]
        yield _gauge("spending_cap_dollars", "The most that a place may cost in a month.", caps, "place")


class _Collected(Collector):
    """Metrics that are made when they are asked for."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        """The metrics now."""
        return self._collect()


def _stored(found: Figures, places: list[str]) -> Iterator[Metric]:
    """The store's metrics, the same for all its processes. Each place has all its rows from the start."""
    late = dict.fromkeys(places, 0.0) | found.late
    posts = dict.fromkeys(product(places, get_args(State)), 0) | found.posts
    messages = dict.fromkeys(product(places, _VERDICTS), 0) | found.messages
    spent = dict.fromkeys(places, 0) | found.spent
    yield _gauge("chats_live", "Chats that are on.", [((), found.live)])
    rows = [((place,), seconds) for place, seconds in late.items()]
    yield _gauge(
        "question_late_seconds", "The most that a question of the last hour was, or is, behind its time.", rows, "place"
    )
    yield _gauge("posts", "All posts ever planned, by state.", posts.items(), "place", "state")
    yield _gauge("messages", "Messages in the chats of the last day, by verdict.", messages.items(), "place", "verdict")
    yield _gauge("queue_length", "Messages that wait for a moderator.", [((), found.waiting)])
    yield _gauge("queue_oldest_seconds", "How long the first of them has waited.", [((), found.longest_wait)])
    yield _gauge("commands_waiting", "Commands that no process has taken yet.", [((), found.commands)])
    dollars = [((place,), micros / _MICROS) for place, micros in spent.items()]
    yield _gauge("spent_dollars", "What a place has cost this month.", dollars, "place")


def _gauge(name: str, text: str, rows: Rows, *labels: str) -> Metric:
    made = GaugeMetricFamily(f"convenor_{name}", text, labels=labels)
    for values, number in rows:
        made.add_metric(values, number)
    return made
