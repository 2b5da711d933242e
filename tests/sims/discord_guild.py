"""Users, the application, the guild with its channels, threads and scheduled events, over REST."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_access import Access
from tests.sims.discord_forums import Forums
from tests.sims.discord_gateway import origin
from tests.sims.discord_requests import Refused, answer, bad_form, done, form, lacking, number, unknown, wished
from tests.sims.discord_world import BOT, DM, FORUM, GUILD, THREAD, Json, Person, moment, written

_V = "/api/v10"
_C = _V + "/channels/{channel}"
_G = _V + "/guilds/{guild}"
_E = _G + "/scheduled-events"
_EXTERNAL = 3
_ARCHIVE = (60, 1440, 4320, 10080)


class Guild:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._world = access.world
        self._forums = Forums(access)

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.get(_V + "/gateway", self.gateway),
            web.get(_V + "/gateway/bot", self.gateway),
            web.get(_V + "/users/@me", self.me),
            web.get(_V + "/users/@me/guilds", self.my_guilds),
            web.post(_V + "/users/@me/channels", self.private),
            web.get(_V + "/users/{user}", self.user),
            web.get(_V + "/applications/@me", self.application),
            web.get(_V + "/oauth2/applications/@me", self.application),
            web.get(_G, self.guild),
            web.get(_G + "/channels", self.channels),
            web.get(_G + "/roles", self.roles),
            web.get(_G + "/members/{user}", self.member),
            web.patch(_G + "/members/{user}", self.change_member),
            web.get(_G + "/threads/active", self.active_threads),
            web.get(_C, self.channel),
            web.patch(_C, self.change_channel),
            web.delete(_C, self.delete_channel),
            web.post(_C + "/typing", self.typing),
            web.post(_C + "/threads", self.thread),
            web.get(_C + "/threads/archived/public", self.archived_threads),
            web.post(_C + "/messages/{message}/threads", self.thread),
            web.put(_C + "/thread-members/@me", self.join),
            web.get(_E, self.events),
            web.post(_E, self.create_event),
            web.get(_E + "/{event}", self.event),
            web.patch(_E + "/{event}", self.change_event),
            web.delete(_E + "/{event}", self.delete_event),
        ]

    # Who we are ---------------------------------------------------------------------------------------------

    async def gateway(self, request: web.Request) -> web.Response:
        told: Json = {"url": f"ws://{origin(request)}/gateway"}
        if request.path.endswith("/bot"):
            start = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            told |= {"shards": 1, "session_start_limit": start}
        return answer(told)

    async def me(self, _request: web.Request) -> web.Response:
        return answer(shapes.myself(self._world))

    async def my_guilds(self, _request: web.Request) -> web.Response:
        may = str(self._world.permissions(self._world.people[BOT]))
        same: Json = {"icon": None, "banner": None, "owner": False, "permissions": may, "features": []}
        return answer([{"id": str(id), "name": name} | same for id, name in self._world.guilds.items()])

    async def user(self, request: web.Request) -> web.Response:
        person = self._world.people.get(number(request.match_info["user"], "user_id"))
        if person is None:
            raise unknown("User")
        return answer(shapes.user(person))

    async def private(self, request: web.Request) -> web.Response:
        person = self._world.people.get(number(str((await form(request)).get("recipient_id")), "recipient_id"))
        if person is None:
            raise unknown("User")
        return answer(shapes.channel(self._world, self._world.private(person)))

    async def application(self, _request: web.Request) -> web.Response:
        return answer(shapes.application(self._world))

    # The guild ----------------------------------------------------------------------------------------------

    async def guild(self, request: web.Request) -> web.Response:
        id = self._access.guild(request)
        counts: Json = {"approximate_member_count": len(self._world.people), "approximate_presence_count": 1}
        return answer(shapes.guild(self._world, id) | (counts if wished(request, "with_counts") else {}))

    async def channels(self, request: web.Request) -> web.Response:
        id = self._access.guild(request)
        rooms = [one for one in self._world.channels.values() if one.type not in (DM, THREAD) and one.guild == id]
        return answer([shapes.channel(self._world, one) for one in rooms])

    async def roles(self, request: web.Request) -> web.Response:
        return answer(shapes.roles(self._world, self._access.guild(request)))

    async def member(self, request: web.Request) -> web.Response:
        return answer(shapes.member(self._member(request)))

    def _member(self, request: web.Request) -> Person:
        self._access.guild(request)
        person = self._world.people.get(number(request.match_info["user"], "user_id"))
        if person is None:
            raise unknown("Member")
        return person

    async def change_member(self, request: web.Request) -> web.Response:
        """Silence somebody below the bot for at most 28 days, or let them speak again; nothing else is known."""
        person, data = self._member(request), await form(request)
        if set(data) != {"communication_disabled_until"}:
            raise bad_form("body", "This simulator silences people only.")
        if not self._world.may("MODERATE_MEMBERS") or not self._world.above(person):
            raise lacking()
        until = data["communication_disabled_until"]
        ends = datetime.fromisoformat(until).astimezone(UTC) if until else None
        if ends and ends > datetime.now(UTC) + timedelta(days=28):
            raise bad_form("communication_disabled_until", "Must be at most 28 days in the future.")
        self._access.changes.silence(person, written(ends) if ends else None)
        return answer(shapes.member(person))

    async def active_threads(self, request: web.Request) -> web.Response:
        id = self._access.guild(request)
        here = [one for one in self._world.threads() if one.guild == id]
        open_ones = [one for one in here if not one.archived and self._world.may("VIEW_CHANNEL", one)]
        told = [shapes.channel(self._world, one) for one in open_ones]
        return answer(
            {"threads": told, "members": [one["member"] for one in told if "member" in one], "has_more": False}
        )

    async def archived_threads(self, request: web.Request) -> web.Response:
        """Those of a channel that sleep, all in one page."""
        parent = self._access.channel(request)
        told = [shapes.channel(self._world, one) for one in self._world.threads(parent.id) if one.archived]
        return answer({"threads": told, "members": [], "has_more": False})

    # Channels and threads -----------------------------------------------------------------------------------

    async def channel(self, request: web.Request) -> web.Response:
        return answer(shapes.channel(self._world, self._access.channel(request)))

    async def change_channel(self, request: web.Request) -> web.Response:
        """Only threads: name, archived, locked."""
        room = self._access.channel(request)
        data = await form(request)
        if room.type != THREAD or room.owner != BOT or room.locked or "locked" in data:
            self._access.need(room, "MANAGE_THREADS" if room.type == THREAD else "MANAGE_CHANNELS")
        room.name = data.get("name", room.name)
        room.archived = data.get("archived", room.archived)
        room.locked = data.get("locked", room.locked)
        room.archive_minutes = data.get("auto_archive_duration", room.archive_minutes)
        self._access.changes.changed(room)
        return answer(shapes.channel(self._world, room))

    async def delete_channel(self, request: web.Request) -> web.Response:
        room = self._access.channel(request)
        self._access.need(room, "MANAGE_THREADS" if room.type == THREAD else "MANAGE_CHANNELS")
        told = shapes.channel(self._world, room)
        self._access.changes.remove_channel(room)
        return answer(told)

    async def typing(self, request: web.Request) -> web.Response:
        self._access.may_post(self._access.channel(request), [])
        return done()

    async def join(self, request: web.Request) -> web.Response:
        self._access.channel(request)
        return done()

    async def thread(self, request: web.Request) -> web.Response:
        """On a message, once; or on its own; or as a post in a forum."""
        room = self._access.channel(request)
        if room.type == FORUM and "message" not in request.match_info:
            return await self._forums.create(request, room)
        data = await form(request)
        message = self._access.message(request, room) if "message" in request.match_info else None
        if message and message.id in self._world.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        self._access.need(room, "CREATE_PUBLIC_THREADS")
        if room.type != 0:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        name, minutes = _name(data), data.get("auto_archive_duration") or 1440
        if minutes not in _ARCHIVE:
            raise bad_form("auto_archive_duration", f"Value must be one of {set(_ARCHIVE)}.")
        made = self._access.changes.thread(room, name, message, minutes)
        return answer(shapes.channel(self._world, made), 201)

    # Scheduled events ---------------------------------------------------------------------------------------

    async def events(self, request: web.Request) -> web.Response:
        self._access.guild(request)
        return answer(list(self._world.events.values()))

    async def event(self, request: web.Request) -> web.Response:
        return answer(self._event(request))

    def _event(self, request: web.Request) -> Json:
        self._access.guild(request)
        event = self._world.events.get(number(request.match_info["event"], "guild_scheduled_event_id"))
        if event is None:
            raise unknown("Guild Scheduled Event")
        return event

    async def create_event(self, request: web.Request) -> web.Response:
        self._access.guild(request)
        if not self._world.may("CREATE_EVENTS"):
            raise lacking()
        id = self._world.id()
        event: Json = {
            "id": str(id),
            "guild_id": str(GUILD),
            "description": None,
            "channel_id": None,
            "creator_id": str(BOT),
            "creator": shapes.user(self._world.people[BOT]),
            "image": None,
            "status": 1,
            "entity_type": _EXTERNAL,
            "entity_id": None,
            "recurrence_rule": None,
            "user_count": 0,
            "guild_scheduled_event_exceptions": [],
        }
        made = _event_form(event, await form(request), moment(id))
        self._world.events[id] = made
        self._access.changes.scheduled("CREATE", made)
        return answer(made)

    async def change_event(self, request: web.Request) -> web.Response:
        event = self._event(request)
        self._may_change(event)
        changed = _event_form(event, await form(request), "")
        self._world.events[int(event["id"])] = changed
        self._access.changes.scheduled("UPDATE", changed)
        return answer(changed)

    async def delete_event(self, request: web.Request) -> web.Response:
        event = self._event(request)
        self._may_change(event)
        del self._world.events[int(event["id"])]
        self._access.changes.scheduled("DELETE", event)
        return done()

    def _may_change(self, event: Json) -> None:
        """One's own with the one permission, others' with the other."""
        own = event["creator_id"] == str(BOT) and self._world.may("CREATE_EVENTS")
        if not own and not self._world.may("MANAGE_EVENTS"):
            raise lacking()


def _event_form(event: Json, data: Json, since: str) -> Json:
    """The event as changed by a form; only those that take place elsewhere are known. `since` is "" for a change."""
    known = ("name", "description", "status", "privacy_level", "entity_type", "entity_metadata")
    made = event | {name: data[name] for name in known if name in data}
    for name in ("scheduled_start_time", "scheduled_end_time"):
        if data.get(name):
            made[name] = written(datetime.fromisoformat(data[name]).astimezone(UTC))
    if made["entity_type"] != _EXTERNAL:
        raise bad_form("entity_type", "This simulator knows events of the external kind only.")
    for name in ("name", "privacy_level", "scheduled_start_time", "scheduled_end_time"):
        if not made.get(name):
            raise bad_form(name, "This field is required")
    if not (made.get("entity_metadata") or {}).get("location"):
        raise bad_form("entity_metadata", "This field is required")
    if since and made["scheduled_start_time"] < since:
        raise bad_form("scheduled_start_time", "Cannot schedule event in the past.")
    if made["scheduled_end_time"] <= made["scheduled_start_time"]:
        raise bad_form("scheduled_end_time", "Cannot end an event before it starts.")
    return made


def _name(data: Json) -> str:
    name = data.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 100:
        raise bad_form("name", "Must be between 1 and 100 in length.")
    return name
