"""The settings of the places in the contract, on simulators."""

from __future__ import annotations

from typing import Any

_RATE = "100000/minute"


def settings_of(platform: str, address: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- settings
    """A place on a simulator, quick and with plenty of money."""
    known: dict[str, dict[str, Any]] = {
        "room": {"port": 0, "per_person": _RATE, "per_address": _RATE},
        "x": {
            "handle": "@OTalk_",
            "consumer_key": "ck",
            "consumer_secret": "cs",
            "access_token": "1000-at",
            "access_token_secret": "ats",
            "api_url": address,
            "timeout": "10s",
            "visible_after": "1s",
            "mentions_every": "0.1s",
            "search_every": "20s",
            "direct": True,
            "cap_per_chat": 10_000,
            "cap_per_month": 10_000,
            "names_up_to": 0,
        },
        "discord": {
            "token": "bot-token",
            "guild": 500,
            "channel": 600,
            "api_url": f"{address}/api/v10",
            "timeout": "10s",
            "visible_after": "1s",
            "message_content": True,
            "timeouts": True,
            "calendar": False,
            "pin": False,
        },
    }
    return {"platform": platform} | known[platform] | more
