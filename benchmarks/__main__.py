"""All benchmarks, one after the other: `make bench`. A few minutes."""

from __future__ import annotations

from benchmarks import commands, discord_peer, inbound, many_chats, moderation, punctuality, room, transcript, workers


def main() -> None:
    """Measure and print everything."""
    inbound.main()
    moderation.main()
    discord_peer.main()
    punctuality.main()
    workers.main()
    commands.main()
    room.main()
    many_chats.main()
    transcript.main()


if __name__ == "__main__":
    main()
