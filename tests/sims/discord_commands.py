"""Application commands, of the guild and global, over REST."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aiohttp import web

from tests.sims.discord_access import Access
from tests.sims.discord_requests import answer, bad_form, done, form, number, read, unknown
from tests.sims.discord_world import BOT, Json

_A = "/api/v10/applications/{application}"
_NAME, _ENTRY = re.compile(r"[-_\w]{1,32}"), re.compile(r"(?! )[-_ '\w]{1,32}(?<! )")
_TYPED = {3, 4, 10}
_LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2}|-419)?")
"""Types of option that can be completed while they are typed, and the form of a locale."""
_MOST, _LONGEST = 25, 8000
"""Options on one level, and characters of all names and descriptions of a command together."""


class Commands:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._known = access.world.commands

    def routes(self) -> Iterable[web.RouteDef]:
        for start in (_A + "/commands", _A + "/guilds/{guild}/commands"):
            yield web.get(start, self.all)
            yield web.put(start, self.replace)
            yield web.post(start, self.create)
            yield web.get(start + "/{command}", self.get)
            yield web.patch(start + "/{command}", self.change)
            yield web.delete(start + "/{command}", self.delete)

    async def all(self, request: web.Request) -> web.Response:
        return answer(self._in(self._scope(request)))

    async def replace(self, request: web.Request) -> web.Response:
        """All commands of the guild, or all global ones, instead of those there were."""
        scope = self._scope(request)
        told, _files = await read(request)
        before = {(one["type"], one["name"]): one for one in self._in(scope)}
        made = [self._made(one, scope, before.get((one.get("type", 1), one.get("name")))) for one in told]
        for one in before.values():
            del self._known[int(one["id"])]
        for one in made:
            self._known[int(one["id"])] = one
        return answer(made)

    async def create(self, request: web.Request) -> web.Response:
        """A new one (201), or the one of that name anew (200)."""
        scope = self._scope(request)
        told = await form(request)
        before = next((one for one in self._in(scope) if one["name"] == told.get("name")), None)
        made = self._made(told, scope, before)
        self._known[int(made["id"])] = made
        return answer(made, 200 if before else 201)

    async def get(self, request: web.Request) -> web.Response:
        return answer(self._command(request))

    async def change(self, request: web.Request) -> web.Response:
        before = self._command(request)
        made = self._made(before | await form(request), self._scope(request), before)
        self._known[int(made["id"])] = made
        return answer(made)

    async def delete(self, request: web.Request) -> web.Response:
        del self._known[int(self._command(request)["id"])]
        return done()

    def _scope(self, request: web.Request) -> str | None:
        """The guild, or None for global."""
        if number(request.match_info["application"], "application_id") != BOT:
            raise unknown("application command")
        return str(self._access.guild(request)) if "guild" in request.match_info else None

    def _in(self, scope: str | None) -> list[Json]:
        return [one for one in self._known.values() if one.get("guild_id") == scope]

    def _command(self, request: web.Request) -> Json:
        found = self._known.get(number(request.match_info["command"], "command_id"))
        if found is None or found.get("guild_id") != self._scope(request):
            raise unknown("application command")
        return found

    def _made(self, told: Json, scope: str | None, before: Json | None) -> Json:
        name, kind, description = told.get("name") or "", told.get("type") or 1, told.get("description") or ""
        if not (_NAME if kind == 1 else _ENTRY).fullmatch(name) or (kind == 1 and name != name.lower()):
            raise bad_form("name", "Command name is invalid")
        if not (1 if kind == 1 else 0) <= len(description) <= (100 if kind == 1 else 0):
            raise bad_form("description", "Must be between 1 and 100 in length, and empty in a menu.")
        _translated(told, _NAME if kind == 1 else _ENTRY)
        if _examined(told) > _LONGEST:
            raise bad_form("options", "Command exceeds maximum size (8000)")
        permissions = told.get("default_member_permissions")
        made: Json = {
            "id": before["id"] if before else str(self._access.world.id()),
            "application_id": str(BOT),
            "version": str(self._access.world.id()),
            "default_member_permissions": None if permissions is None else str(permissions),
            "type": kind,
            "name": name,
            "name_localizations": told.get("name_localizations"),
            "description": description,
            "description_localizations": told.get("description_localizations"),
            "options": [_option(one) for one in told.get("options") or []],
            "nsfw": bool(told.get("nsfw")),
            "integration_types": told.get("integration_types") or [0],
            "contexts": told.get("contexts"),
        }
        return made | ({"guild_id": scope} if scope else {"dm_permission": bool(told.get("dm_permission", True))})


def _examined(told: Json) -> int:
    """How many characters a command or an option has. A form that Discord does not take is refused."""
    options = told.get("options") or []
    if len(options) > _MOST:
        raise bad_form("options", "Must be 25 or fewer in length.")
    if len({one["name"] for one in options}) < len(options):
        raise bad_form("options", "Option names must be unique.")
    needed = [bool(one.get("required")) for one in options]
    if needed != sorted(needed, reverse=True):
        raise bad_form("options", "Required options must be placed before non-required options.")
    for one in options:
        if not _NAME.fullmatch(one["name"]) or not 1 <= len(one.get("description") or "") <= 100:
            raise bad_form("options", "An option needs a name and a description.")
        if one.get("autocomplete") and one.get("type") not in _TYPED:
            raise bad_form("options", "Autocomplete is not available for this option type.")
        _translated(one, _NAME)
    return sum(map(_examined, options)) + len(told.get("name") or "") + len(told.get("description") or "")


def _translated(told: Json, name: re.Pattern[str]) -> None:
    """Names and descriptions in other languages have the same limits."""
    for locale, word in (told.get("name_localizations") or {}).items():
        if not _LOCALE.fullmatch(locale) or not name.fullmatch(word) or (name is _NAME and word != word.lower()):
            raise bad_form("name_localizations", "Localized name is invalid")
    for locale, text in (told.get("description_localizations") or {}).items():
        if not _LOCALE.fullmatch(locale) or not 1 <= len(text) <= 100:
            raise bad_form("description_localizations", "Must be between 1 and 100 in length.")


def _option(told: Json) -> Json:
    """An option as Discord gives it back: without what is empty or false."""
    made = {name: value for name, value in told.items() if value not in (None, [], False, {})}
    if "options" in made:
        made["options"] = [_option(one) for one in made["options"]]
    return made
