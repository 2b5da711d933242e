"""Direct messages on the pretend X: reading and sending, and X's rules about both. They are kept in `x_store`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.sims import x_params, x_problems
from tests.sims.x_bodies import body, known
from tests.sims.x_problems import invalid
from tests.sims.x_read import Answer, Call
from tests.sims.x_store import DirectMessage, User

FIELDS = x_params.words(
    "attachments created_at dm_conversation_id entities event_type id participant_ids referenced_tweets sender_id text"
)
_KINDS = x_params.words("MessageCreate ParticipantsJoin ParticipantsLeave")
_QUERY = {"dm_event.fields", "event_types", "expansions", "max_results", "pagination_token"}
_QUERY |= {"media.fields", "user.fields", "tweet.fields"}
_LONGEST = 10_000


def events(call: Call) -> Answer:
    """All that the caller sent or got, newest first."""
    _allowed(call)
    return _page(call, call.world.direct_messages_of(call.caller))


def among(call: Call) -> Answer:
    """The same with one person alone."""
    _allowed(call)
    other = _other(call)
    found = call.world.direct_messages_of(call.caller)
    return _page(call, [one for one in found if other and one.conversation == pair(call.caller, other)])


async def send(call: Call) -> Answer:
    """Write to one person, who has to take messages from the caller."""
    _allowed(call)
    told = await body(call)
    known(told, {"text", "attachments"}, "$")
    text = told.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= _LONGEST:
        raise invalid("$.text: is missing or too long", text=text)
    other = _other(call)
    if other is None or not any(one.by is other for one in call.world.direct_messages_of(call.caller)):
        raise x_problems.no_direct_messages()
    made = call.world.write(call.caller, text, pair(call.caller, other))
    call.billing.charge("direct message", str(made.id), made.at)
    return 201, {"data": {"dm_conversation_id": made.conversation, "dm_event_id": str(made.id)}}


def pair(one: User, other: User) -> str:
    """The conversation of two."""
    return "-".join(sorted((one.id, other.id), key=int))


def _allowed(call: Call) -> None:
    if not call.caller.direct:
        signed = call.request.headers.get("Authorization", "").startswith("OAuth")
        raise x_problems.only_reads() if signed else x_problems.forbidden("Forbidden")


def _other(call: Call) -> User | None:
    asked = call.request.match_info["id"]
    return call.world.users.get(str(x_params.id_(asked, "participant_id")))


def _page(call: Call, found: list[DirectMessage]) -> Answer:
    query = call.query
    for name in set(query) - _QUERY:
        raise invalid(f"The query parameter [{name}] is not one of [{','.join(sorted(_QUERY))}]", **{name: query[name]})
    fields = _listed(query, "dm_event.fields", FIELDS) | {"id", "event_type"}
    kinds = _listed(query, "event_types", _KINDS) or _KINDS
    page = x_params.page(
        call.request.path, {"max_results": "100", **query}, least=1, now=call.world.now(), recent=False
    )
    inside = [one for one in found if one.id < page.before and one.kind in kinds]
    part = inside[: page.most]
    for one in part:
        call.billing.charge("direct message read", str(one.id), call.world.now())
    call.billing.count("direct messages", messages=len(part))
    meta: dict[str, Any] = {"result_count": len(part)}
    if len(inside) > len(part):
        meta["next_token"] = x_params.token(part[-1].id, page.scope)
    return 200, ({"data": [_shown(one, fields) for one in part]} if part else {}) | {"meta": meta}


def _listed(query: Mapping[str, str], name: str, allowed: frozenset[str]) -> set[str]:
    values = x_params.wanted(query, name)
    for value in values - allowed:
        raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
    return values


def _shown(one: DirectMessage, fields: set[str]) -> dict[str, Any]:
    said = one.kind == "MessageCreate"
    full = {
        "id": str(one.id),
        "event_type": one.kind,
        "text": one.text if said else None,
        "sender_id": one.by.id,
        "participant_ids": None if said else [one.by.id],
        "dm_conversation_id": one.conversation,
        "created_at": f"{datetime.fromtimestamp(one.at, UTC):%Y-%m-%dT%H:%M:%S.000Z}",
    }
    return {name: value for name, value in full.items() if name in fields and value is not None}
