"""Changes to the tables' rows when a person is erased: a row goes, stays, or stays without them. Pure.

Each table that is about people has a rule here. A table without one is not forgotten: whatever can only mean the person
is redacted in all its texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from bot.erasure.event_changes import EventChanges, left_behind
from bot.erasure.text_redaction import TextRedactor
from bot.erasure.traces import Traces
from bot.messages import AnyEvent, Command
from bot.store import resyncs

Row = Mapping[str, Any]

Change = dict[str, Any] | Literal["delete", "wait"] | None
"""The new values, that the row goes, that it has to be left alone for now, or that it stays as it is."""

_STRUCTURE = frozenset(
    {
        "chat",
        "claim",
        "day",
        "digest",
        "file",
        "holder",
        "kind",
        "link",
        "name",
        "nonce",
        "origin",
        "place",
        "role",
        "scope",
        "series",
        "state",
        "step",
        "what",
    }
)
"""Columns that tie rows together, or say what a row is: a chat may be called as somebody's handle is."""

OWN_TABLES = frozenset({"alembic_version", "erasures", "forgotten", "outputs"})
"""Tables that know nobody, or what is to be erased."""

_BY_AUTHOR = ("absent", "silenced", "people", "muted")
_JSON = ("definition", "written", "course")
_UNDER_WAY = ("planned", "retry", "sending", "ambiguous")

_QUOTED = re.compile(r'"([^"]*)"')

_event = msgspec.json.Decoder[AnyEvent](AnyEvent)
_command = msgspec.json.Decoder(Command)
_encode = msgspec.json.Encoder().encode


class RowChanges:
    """Applies one person's traces to rows. `waiting`: a receipt for the person that is under way is waited for."""

    def __init__(
        self, traces: Traces, redactor: TextRedactor, stand_in: Callable[[str, str], str], *, waiting: bool = False
    ) -> None:
        self._traces, self._redactor, self._stand_in, self._waiting = traces, redactor, stand_in, waiting
        self._ids = traces.ids
        self._short_ids = traces.ids - traces.certain_ids
        self.events = EventChanges(traces, redactor, stand_in)
        self._rules: dict[str, Callable[[Row], Change]] = {
            "events": self._event,
            "messages": self._message,
            "commands": self._command,
            "outbox": self._post,
            "charges": self._charge,
            "queue": lambda row: self._if((row["place"], row["id"]) in traces.items),
            "versions": lambda row: self._if(
                not traces.items.isdisjoint({(row["place"], row["id"]), (row["place"], row["version"])})
            ),
            "concerns": self._concern,
            "links": lambda row: _differing(row, {"name": self._redactor.certain(row["name"])}),
            "resyncs": self._resync,
            "chats": self._definition,
            "chat_files": self._definition,
            "shared_files": self._definition,
            **dict.fromkeys(_BY_AUTHOR, self._account),
        }

    def of(self, table: str, row: Row) -> Change:
        """The change of a row of a table."""
        return self._rules.get(table, self._other)(row)

    def _if(self, condition: bool) -> Change:  # noqa: FBT001 -- it is what decides
        return "delete" if condition else None

    def _account(self, row: Row) -> Change:
        return self._if((row["place"], row["author_id"]) in self._traces.accounts)

    def _event(self, row: Row) -> Change:
        event = _event.decode(row["raw"])
        changed = self.events.apply(event, row["raw"], among=row["chat"] in self._traces.chats)
        if changed is None:
            return "delete"
        return None if changed is event else {"raw": _encode(changed).decode(), "identity": changed.identity}

    def _message(self, row: Row) -> Change:
        if (row["place"], row["author_id"]) in self._traces.accounts or (row["place"], row["id"]) in self._traces.items:
            return "delete"
        redact, new = self._redact(row["chat"]), dict[str, Any]()
        if row["reply_to"] and (found := self.events.reference(row["reply_place"] or row["place"], row["reply_to"])):
            new["reply_to"] = found
        new |= {name: redact(row[name]) for name in ("text", "url") if row[name]}
        if row["refers"] and self._may_refer(row["refers"]):
            new["refers"] = self._references(row["place"], row["refers"])
        if row["merged"] and tuple(row["merged"].split("/", 1)) in self._traces.items:
            new["merged"] = ""
        if row["reason"] == "repost" and self._redactor.repeats(row["text"]):
            return "delete"
        return _differing(row, new)

    def _may_refer(self, refers: str) -> bool:
        """Whether JSON may have one of their ids as a text of its own, or something else certain."""
        short = bool(self._short_ids) and not self._short_ids.isdisjoint(_QUOTED.findall(refers))
        return short or self._redactor.hints(refers)

    def _references(self, place: str, refers: str) -> str:
        """What a message refers to, as JSON: ids of theirs become stand-ins, addresses with one of them go.

        So do ids that stood in such an address only.
        """
        found = msgspec.json.decode(refers)
        addresses = " ".join(found.get("addresses") or ())
        gone = left_behind(addresses, self._redactor.certain(addresses)) - self._ids

        def cleaned(value: Any, place: str) -> Any:  # noqa: ANN401 -- JSON
            if isinstance(value, dict):
                return {key: cleaned(one, place) for key, one in value.items()}
            if isinstance(value, list):
                return [cleaned(one, place) for one in value if one not in gone]
            if not isinstance(value, str):
                return value
            return None if value in gone else self.events.reference(place, value) or self._redactor.certain(value)

        above, reply = found.get("reply") or (place, None)
        new = cleaned(found, place) | ({"reply": [above, cleaned(reply, above)]} if reply else {})
        return _encode(new).decode()

    def _command(self, row: Row) -> Change:
        command = _command.decode(row["raw"])
        theirs = {(row["place"], command.author.id)} & self._traces.accounts
        if theirs or (row["place"], row["id"]) in self._traces.items:
            return "wait" if row["state"] == "waiting" and self._waiting else "delete"
        changed = self.events.apply(command, row["raw"], among=not row["chat"] or row["chat"] in self._traces.chats)
        new: dict[str, Any] = {}
        if changed is not command and changed is not None:
            new["raw"] = _encode(changed).decode()
        if row["receipt"]:
            new["receipt"] = self._redact(row["chat"])(row["receipt"])
        if row["change"] and self._redact(row["chat"])(row["change"]) != row["change"]:
            new["change"] = None  # it can be undone no more: what it was about is gone
        return _differing(row, new)

    def _post(self, row: Row) -> Change:
        place, ids = row["place"], self._ids
        to_them = (place, row["to"]) in self._traces.accounts or (place, row["reply_to"]) in self._traces.items
        measure = msgspec.json.decode(row["measure"]) if row["measure"] else {}
        about = row["key"] in self._traces.keys or self._redactor.certain(row["key"]) != row["key"]
        about |= row["key"].startswith("held-") and row["chat"] in self._traces.chats  # it begins to quote each message
        if to_them or about or ids.intersection(filter(None, _texts(measure))):
            under_way = row["state"] == "sending" or (row["state"] in _UNDER_WAY and row["to"] and self._waiting)
            return "wait" if under_way and self._waiting else "delete"
        among, other = not row["chat"] or row["chat"] in self._traces.chats, self._other(row)
        redact = self._redactor.ours if among else self._redactor.certain
        new = {name: redact(row[name]) for name in ("text", "error") if row[name]}
        return _differing(row, {**(other if isinstance(other, dict) else {}), **new})

    def _charge(self, row: Row) -> Change:
        """The amount stays in the ledger, without the resource it was paid for."""
        id = row["resource"].rpartition("/")[2]
        known = {row["resource"], id} & self._ids or self._redactor.certain(row["resource"]) != row["resource"]
        return {"resource": self._stand_in(row["place"], row["resource"])} if known else None

    def _concern(self, row: Row) -> Change:
        return self._if(self._redactor.certain(row["key"]) != row["key"]) or self._other(row)

    def _resync(self, row: Row) -> Change:
        """A comparison that has stopped at a message of theirs begins again; one that is done says no more where."""
        new = dict[str, Any]()
        if row["position"] in self._ids:
            new["position"] = "" if row["state"] in resyncs.OPEN else "gone"
        tally: dict[str, Any] = msgspec.json.decode(row["tally"])
        kept = {
            key: [id for id in one if id not in self._ids] if isinstance(one, list) else one
            for key, one in tally.items()
        }
        if kept != tally:
            new["tally"] = _encode(kept).decode()
        return _differing(row, new)

    def _definition(self, row: Row) -> Change:
        """A chat, as JSON: a host or moderator with their handle is in it no more, whoever else is stays."""
        new = dict[str, Any]()
        for name, value in row.items():
            if name in _JSON and value and self._redactor.certain(value) != value:
                new[name] = self._redactor.certain(_encode(self._without(msgspec.json.decode(value))).decode())
        return _differing(row, new)

    def _without(self, value: Any) -> Any:  # noqa: ANN401 -- JSON
        if isinstance(value, list):
            return [self._without(one) for one in value if not self._is_them(one)]
        if isinstance(value, dict):
            return {key: self._without(one) for key, one in value.items()}
        return value

    def _is_them(self, value: object) -> bool:
        """Whether it is a person of a chat file with one of their handles or ids."""
        handles = value.get("handles") if isinstance(value, dict) else None
        if not isinstance(handles, dict):
            return False
        known = self._traces.handles | self._traces.ids
        return any(
            label in self._traces.labels and str(one).lstrip("@").casefold() in known for label, one in handles.items()
        )

    def _other(self, row: Row) -> Change:
        texts = {name: one for name, one in row.items() if isinstance(one, str) and name not in _STRUCTURE}
        return _differing(row, {name: self._redactor.certain(one) for name, one in texts.items()})

    def _redact(self, chat: str | None) -> Callable[[str], str]:
        """A text outside of any chat, to the bot or by it, counts as if the person had been there."""
        return self._redactor.all if not chat or chat in self._traces.chats else self._redactor.certain


def _differing(row: Row, new: dict[str, Any]) -> Change:
    found = {name: value for name, value in new.items() if value != row[name]}
    return found or None


def _texts(value: object) -> list[str]:
    return [one for one in value.values() if isinstance(one, str)] if isinstance(value, dict) else []
