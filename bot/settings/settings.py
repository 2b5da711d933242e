"""The settings: from the environment, then one TOML file, then the defaults. All mistakes are reported at once.

`CONVENOR_HOSTING__LATE=90s` sets `late` in `[hosting]`; `CONVENOR_HOSTING__LATE_FILE=/run/secrets/late` reads it from a
file. No message or repr has the value of a secret. Nothing is opened or connected here.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from bot.errors import InputError, Problem
from bot.settings import environment
from bot.settings.afterwards import Retention, SiteSettings, WordPress
from bot.settings.palette import checked
from bot.settings.places import SECRETS, Place, Rate, RoomPlace, with_platforms
from bot.toml.document import Document, read_toml
from bot.toml.duration import Wait
from bot.toml.validation import Mistake, custom_error, find_mistakes, sorted_problems, web_address
from bot.translation import ENGLISH, language_mistake

HIDDEN = SECRETS | {"url"}
"""Settings whose value is never shown. A database's url can contain a password."""

_DEFAULT_FILE = Path("config.toml")
_SQLITE = "sqlite:///"
_DEFAULT_STORE = f"{_SQLITE}convenor.db"
_DIALECTS = ("sqlite", "postgresql", "postgresql+psycopg")


def _database_url(value: str) -> str:
    from sqlalchemy.engine import make_url  # noqa: PLC0415 -- its import takes a third of the time of a short verb
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        known = make_url(value).drivername in _DIALECTS
    except ArgumentError:
        known = False
    if not known:
        raise custom_error("write it like sqlite:///convenor.db or postgresql://user@host/name")
    return value


def _spoken_language(value: str) -> str:
    """A language that the bot speaks, by its code. Raises PydanticCustomError."""
    if mistake := language_mistake(value):
        raise custom_error(mistake)
    return value


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Store(_Table):
    """The database. `machine` is this machine's name among those that share it; empty: its host name."""

    machine: str = ""
    url: Annotated[str, AfterValidator(_database_url)] = Field(default=_DEFAULT_STORE, repr=False)

    @property
    def redacted_url(self) -> str:
        """The url without its password."""
        from sqlalchemy.engine import make_url  # noqa: PLC0415 -- see above

        return make_url(self.url).render_as_string(hide_password=True)


class Log(_Table):
    """The level and format of the log, and where `run` writes it; an empty `file` is standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"
    file: str = ""
    megabytes: Annotated[int, Field(ge=1, le=10_000)] = 10
    kept: Annotated[int, Field(ge=1, le=1000)] = 5


class Hosting(_Table):
    """The timing of chats. `config.example.toml` explains each setting."""

    lead: Wait = timedelta(seconds=10)
    late: Wait = timedelta(seconds=60)
    shift: Wait = timedelta(minutes=15)
    open_before: Wait = timedelta(minutes=60)
    open_after: Wait = timedelta(minutes=60)
    lost: Wait = timedelta(minutes=3)
    absent: Wait = timedelta(minutes=5)


class Publication(_Table):
    """How long records stay drafts, the folder for them then (empty: none), and when they `follow` the platforms."""

    draft: Wait = timedelta(hours=48)
    folder: str = ""
    follow: tuple[Wait, ...] = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


class Moderation(_Table):
    """Which messages are held for a moderator. `blocked` is a file with a word, or a part of a link, on each line."""

    guard: bool = True
    blocked: str = ""
    longest: Annotated[int, Field(ge=100, le=100_000)] = 4000
    flood: Rate = "8/minute"
    remind: bool = False


def _contact(value: str) -> str:
    if not value or re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value):
        return value
    try:
        return web_address(value)
    except PydanticCustomError:
        raise custom_error("write an e-mail address, or a web address beginning with https://") from None


Contact = Annotated[str, AfterValidator(_contact)]

CONTACT: TypeAdapter[str] = TypeAdapter(Contact)
"""Checks the address by which people reach those who run the chats: an e-mail address, a web address, or empty."""


class Community(_Table):
    """Who runs the chats: a name, and an e-mail or web address where people can reach them.

    `responsible` is the body that answers for the records, `privacy` its e-mail or web address. If left out, they are
    the two above. `colour` is the pages' colour, `logo` a picture file.
    """

    name: Annotated[str, Field(max_length=80)] = ""
    contact: Contact = ""
    responsible: Annotated[str, Field(max_length=80)] = ""
    privacy: Contact = ""
    colour: Annotated[str, AfterValidator(checked)] = ""
    logo: str = ""


class StaffMember(BaseModel):
    """A person with a role in every chat: a name, and a handle or an id for each place."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, str]

    name: str

    @property
    def handles(self) -> dict[str, str]:
        """Handles or ids, by place or platform."""
        return self.__pydantic_extra__ or {}


class Settings(BaseModel):
    """All settings. `load_settings` makes their paths absolute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schedules: Path = Path("schedules")
    language: Annotated[str, AfterValidator(_spoken_language)] = ENGLISH
    store: Store = Store()
    log: Log = Log()
    hosting: Hosting = Hosting()
    publication: Publication = Publication()
    retention: Retention = Retention()
    moderation: Moderation = Moderation()
    community: Community = Community()
    site: SiteSettings = SiteSettings()
    wordpress: WordPress = WordPress()
    admins: tuple[StaffMember, ...] = ()
    moderators: tuple[StaffMember, ...] = ()
    places: Annotated[dict[str, Place], BeforeValidator(with_platforms), Field(min_length=1)] = {
        "room": RoomPlace(platform="room")
    }


def any_given(path: Path | None = None) -> bool:
    """Whether there are any settings: a file, or variables in the environment."""
    return bool(path) or _DEFAULT_FILE.exists() or any(name.startswith(environment.PREFIX) for name in os.environ)


def settings_file(path: Path | None = None) -> Path:
    """The settings file that `load_settings` reads; it need not exist."""
    return path or Path(os.environ.get(environment.CONFIG) or _DEFAULT_FILE)


def load_settings(path: Path | None = None) -> Settings:
    """Load the settings from `path`, else from `CONVENOR_CONFIG`, else from `config.toml` here if it exists.

    Raises InputError with every mistake in the file and in the environment.
    """
    file = settings_file(path)
    required = path or environment.CONFIG in os.environ
    document = read_toml(file) if required or file.exists() else Document(file=str(file))
    variables = environment.read_environment(os.environ)
    problems = [*document.problems, *variables.problems]
    data = _merged(variables.data, document.data)
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        found = find_mistakes(error, Settings, data, hidden=HIDDEN)
        problems += [_placed(one, document, variables) for one in _without_consequences(found)]
    if problems:
        raise InputError(sorted_problems(problems))
    return _absolute(settings, file.absolute().parent)


def _without_consequences(found: list[Mistake]) -> list[Mistake]:
    """The mistakes, except those in a place whose platform is unknown: its other keys can't be validated."""
    unknown = {one.path[:-1] for one in found if one.path[-1:] == ("platform",)}
    return [one for one in found if one.path[:-1] not in unknown or one.path[-1] == "platform"]


def _placed(mistake: Mistake, document: Document, variables: environment.EnvironmentValues) -> Problem:
    """The mistake with its line in the file, or its variable in the environment."""
    name = variables.names.get(mistake.path) or next(
        (name for path, name in variables.names.items() if path[: len(mistake.path)] == mistake.path), None
    )
    if name:
        return environment.problem(f"{name}: {mistake.message}")
    return document.problem(mistake.path, mistake.message, key=mistake.key)


def _merged(upper: dict[str, Any], lower: dict[str, Any]) -> dict[str, Any]:
    """Merge two layers of settings, table by table."""
    both = {**lower, **upper}
    for key in upper.keys() & lower.keys():
        if isinstance(upper[key], dict) and isinstance(lower[key], dict):
            both[key] = _merged(upper[key], lower[key])
    return both


def _absolute(settings: Settings, folder: Path) -> Settings:
    """Make paths absolute: they are relative to the folder of the settings file."""
    store = settings.store.model_copy(update={"url": _absolute_url(settings.store.url, folder)})
    log = settings.log.model_copy(update={"file": settings.log.file and str(folder / settings.log.file)})
    logo = settings.community.logo and str(folder / settings.community.logo)
    community = settings.community.model_copy(update={"logo": logo})
    blocked = settings.moderation.blocked and str(folder / settings.moderation.blocked)
    moderation = settings.moderation.model_copy(update={"blocked": blocked})
    publication = settings.publication.folder and str(folder / settings.publication.folder)
    site = settings.site.folder and str(folder / settings.site.folder)
    paths = {
        "site": settings.site.model_copy(update={"folder": site}),
        "schedules": folder / settings.schedules,
        "store": store,
        "log": log,
        "community": community,
        "publication": settings.publication.model_copy(update={"folder": publication}),
        "moderation": moderation,
    }
    return settings.model_copy(update=paths)


def _absolute_url(url: str, folder: Path) -> str:
    """The URL of a database, with an absolute path if it is a file."""
    if url == _DEFAULT_STORE:
        path = str(folder / url.removeprefix(_SQLITE))
        return _SQLITE + path.replace("%", "%25").replace("?", "%3F")
    from sqlalchemy.engine import make_url  # noqa: PLC0415 -- see above

    made = make_url(url)
    if made.drivername == "sqlite" and made.database and made.database != ":memory:":
        made = made.set(database=str(folder / made.database))
    return made.render_as_string(hide_password=False)
