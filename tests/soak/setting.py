"""The chat and the settings of a trial: short, on four places, two of them on one Discord token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat import Chat, Question
from tests.sims.simulator import Simulator

QUESTIONS = 4
"""In a chat; one more where the chat file is edited, so that one may be deleted."""

APART = 2.5
"""Seconds between two questions."""

WORDS = (
    "Which groups do you run, and for whom?",
    "What gets in the way of a good session?",
    "Who pays for it where you work?",
    "How do you measure whether it helped?",
    "Where can newcomers learn this?",
    "Why did you begin with online meetings?",
    "When is a printed leaflet the better choice?",
)
"""Questions so different that none passes for another, reworded. Those that a chat doesn't ask may be inserted."""

DISCORD = {"discord": "600", "second": "601"}
"""The places on Discord and their channels. Both use the same token."""


def short_chat(begins_in: float, *, longer: float, questions: int = QUESTIONS) -> Chat:
    """A chat of some fifteen seconds that begins in `begins_in` seconds or up to one later, and lasts `longer` more."""
    starts = (datetime.now(UTC) + timedelta(seconds=begins_in + 1)).replace(microsecond=0)
    length = timedelta(seconds=APART * (questions + 1.5) + longer)
    return Chat(
        name="soak/short",
        title="A short chat",
        hashtag="#soak",
        starts=starts,
        length=length,
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=WORDS[number - 1], at=starts + timedelta(seconds=APART * number))
            for number in range(1, questions + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )


def settings(store: str, room: int, x: Simulator, discord: Simulator) -> dict[str, Any]:
    """The settings of the bot: `room` is the room's port."""
    plenty = "100000/minute"
    on_discord = {
        "platform": "discord",
        "token": "bot-token",
        "guild": 500,
        "api_url": f"{discord.address}/api/v10",
        "timeout": "2s",
        "visible_after": "1s",
    }
    return {
        "store": {"url": store},
        "hosting": {"lead": "1s", "late": "5m", "shift": "5m", "lost": "10m", "open_before": "1m", "open_after": "10m"},
        "moderation": {"flood": plenty},  # three people say what a whole community would
        "places": {
            "room": {"platform": "room", "port": room, "per_person": plenty, "per_address": plenty},
            "x": {
                "platform": "x",
                "handle": "@OTalk_",
                "consumer_key": "ck",
                "consumer_secret": "cs",
                "access_token": "1000-at",
                "access_token_secret": "ats",
                "api_url": x.address,
                "timeout": "1.5s",
                "visible_after": "1s",
                "mentions_every": "1s",
                "search_every": "2s",
                "cap_per_chat": 50,
                "cap_per_month": 50,
            },
            **{place: on_discord | {"channel": int(channel)} for place, channel in DISCORD.items()},
        },
    }
