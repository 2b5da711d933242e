"""All benchmarks, one after the other: `make bench`. A few minutes."""

from __future__ import annotations

from benchmarks import commands, inbound, many_chats, moderation, punctuality, transcript


def main() -> None:
    """Measure and print everything."""
    inbound.main()
    moderation.main()
    punctuality.main()
    commands.main()
    many_chats.main()
    transcript.main()


if __name__ == "__main__":
    main()
