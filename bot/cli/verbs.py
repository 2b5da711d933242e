"""The verbs by section of the help, each with the module that defines it. No verb is imported here.

The live commands are verbs as well, in the sections of their groups.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.ports.commands import CommandInfo, Group

_LIVE_SECTIONS: Mapping[Group, str] = {
    "timing": "Live: the time",
    "content": "Live: what is said",
    "people": "Live: people and messages",
    "queue": "Live: what waits for a moderator",
    "record": "Live: the record, also long after",
    "about": "Live: besides",
}

_BEFORE = {
    "Before": {
        "init": "init",
        "next-dates": "next_dates",
        "new": "new",
        "check": "check",
        "invite": "invite",
        "keep": "keep",
        "rehearse": "rehearse",
        "doctor": "doctor",
    },
    "During": {"run": "run", "status": "status", "link": "links"},
}
_AFTER = {
    "After": {
        "report": "report",
        "export": "report",
        "import": "report",
        "replay": "replay",
        "cpd": "cpd",
        "resync": "resync",
        "site": "site",
    },
    "Aside": {
        "forget": "forget",
        "backup": "backup",
        "restore": "backup",
        "move-store": "move_store",
        "guard": "guard",
    },
}

HELP: Mapping[str, str] = {
    "init": "Set a community up: five questions, each with a default.",
    "next-dates": "Say the next dates of each series, planned and free.",
    "new": "Draft a chat file from an announcement, or by questions.",
    "check": "Say what would be posted, and every mistake.",
    "invite": "Print ready texts that announce a chat: blog, e-mail, posts.",
    "keep": "Put chat files into the store, or look at those in it.",
    "rehearse": "Rehearse the whole hour in a minute, with pretend people.",
    "doctor": "Say what is wrong with the set-up, and what to do.",
    "run": "Host every chat in the schedules.",
    "status": "Say what is live, what comes next, what waits.",
    "link": "Make or revoke a private link, to lead or to plan from a phone.",
    "report": "Write a chat's transcript and numbers from the store.",
    "export": "Print a chat's event log, as it was heard.",
    "import": "Put an event log into the store.",
    "replay": "Write a transcript and numbers from an event log alone.",
    "site": "Write every published chat as a site for any web server.",
    "cpd": "Write a sheet for a participant's CPD record.",
    "forget": "Erase a person from the store, and from all that was written.",
    "backup": "Copy the store into one file, while a bot runs.",
    "restore": "Put a backup in the place of the store.",
    "resync": "Compare a record with what X and Discord still have.",
    "move-store": "Copy the whole store into another: PostgreSQL or SQLite.",
    "guard": "Say whether lines of text could tell who a patient is.",
}
"""What the verbs with a module of their own do, in a line of the help: it imports none of them."""

_OWN = {name for verbs in (_BEFORE | _AFTER).values() for name in verbs}

LIVE: Mapping[str, CommandInfo] = {
    info.slug: info for info in COMMANDS if info.slug not in _OWN and info.name != "help"
}
"""The live commands that are verbs: all but `help`, and those that have a verb of their own."""

SECTIONS: Mapping[str, Mapping[str, str]] = (
    _BEFORE
    | {
        title: {slug: "live_commands" for slug, info in LIVE.items() if info.group == group}
        for group, title in _LIVE_SECTIONS.items()
    }
    | _AFTER
)
"""The module below `bot.cli` of each verb, by title of the section; both in the order of the help."""

SHORT_FORMS: Mapping[str, str] = {
    word: info.slug for word, info in BY_WORD.items() if info.name not in {"help", word} and word != info.slug
}
"""The short forms of the commands, with the verb each stands for. The help does not list them."""
