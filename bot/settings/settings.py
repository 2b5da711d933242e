"""The settings: from the environment, then one TOML file, then the defaults. Every mistake at once.

`CONVENOR_HOSTING__LATE=90s` sets `late` in `[hosting]`; `CONVENOR_HOSTING__LATE_FILE=/run/secrets/late` names a file
that holds it. A secret's value is in no message and no repr. Nothing is opened or connected here.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import InputError, Problem
from bot.settings import environment
from bot.settings.places import SECRETS, Place, Rate, RoomPlace, named
from bot.toml.document import Document, read_toml
from bot.toml.duration import Wait
from bot.toml.validation import Mistake, custom_error, find_mistakes, sorted_problems

HIDDEN = SECRETS | {"url"}
"""Settings whose value is never repeated. A store's address may hold a password."""

_HERE = Path("config.toml")
_STORES = ("sqlite", "postgresql", "postgresql+psycopg")


def _store(value: str) -> str:
    try:
        fits = make_url(value).drivername in _STORES
    except ArgumentError:
        fits = False
    if not fits:
        raise custom_error("write it like sqlite:///convenor.db or postgresql://user@host/name")
    return value


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Store(_Table):
    """Where everything is remembered."""

    url: Annotated[str, AfterValidator(_store)] = Field(default="sqlite:///convenor.db", repr=False)

    @property
    def shown(self) -> str:
        """The address without its password."""
        return make_url(self.url).render_as_string(hide_password=True)


class Log(_Table):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Hosting(_Table):
    """How the hour is kept. `config.example.toml` says what each is for."""

    lead: Wait = timedelta(seconds=10)
    late: Wait = timedelta(seconds=60)
    shift: Wait = timedelta(minutes=15)
    open_before: Wait = timedelta(minutes=60)
    open_after: Wait = timedelta(minutes=60)
    lost: Wait = timedelta(minutes=3)
    absent: Wait = timedelta(minutes=5)


class Moderation(_Table):
    """What is looked at before it counts. `blocked` is a file with a word, or a part of a link, on each line."""

    guard: bool = True
    blocked: str = ""
    longest: Annotated[int, Field(ge=100, le=100_000)] = 4000
    flood: Rate = "8/minute"
    remind: bool = False


class StaffMember(BaseModel):
    """Somebody with a role in every chat: a name, and a handle or an id under the name of each place."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, str]

    name: str

    @property
    def handles(self) -> dict[str, str]:
        """By place or platform."""
        return self.__pydantic_extra__ or {}


class Settings(BaseSettings):
    """Everything an operator may decide. Paths are absolute once `load_settings` has returned it."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    schedules: Path = Path("schedules")
    store: Store = Store()
    log: Log = Log()
    hosting: Hosting = Hosting()
    moderation: Moderation = Moderation()
    admins: tuple[StaffMember, ...] = ()
    moderators: tuple[StaffMember, ...] = ()
    places: Annotated[dict[str, Place], BeforeValidator(named), Field(min_length=1)] = {
        "room": RoomPlace(platform="room")
    }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by ours, which refuses unknown names
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then what the file says."""
        return environment.EnvironmentSource(settings_cls), init_settings


def load_settings(path: Path | None = None) -> Settings:
    """The settings from `path`, else from `CONVENOR_CONFIG`, else from `config.toml` here if it exists.

    Raises InputError with every mistake in the file and in the environment.
    """
    file = path or Path(os.environ.get(environment.CONFIG) or _HERE)
    given = path or environment.CONFIG in os.environ
    document = read_toml(file) if given or file.exists() else Document(file=str(file))
    heard = environment.gather(os.environ)
    problems = [*document.problems, *heard.problems]
    data: dict[str, Any] = document.data
    try:
        settings = Settings(**data)
    except ValidationError as error:
        found = find_mistakes(error, Settings, _over(heard.data, data), hidden=HIDDEN)
        problems += [_placed(one, document, heard) for one in _first_things_first(found)]
    if problems:
        raise InputError(sorted_problems(problems))
    return _absolute(settings, file.absolute().parent)


def _first_things_first(found: list[Mistake]) -> list[Mistake]:
    """Of a place on an unknown platform only that is told: its other keys cannot be judged."""
    strange = {one.path[:-1] for one in found if one.path[-1:] == ("platform",)}
    return [one for one in found if one.path[:-1] not in strange or one.path[-1] == "platform"]


def _placed(mistake: Mistake, document: Document, heard: environment.EnvironmentValues) -> Problem:
    """The mistake where it was made."""
    name = heard.names.get(mistake.path) or next(
        (name for path, name in heard.names.items() if path[: len(mistake.path)] == mistake.path), None
    )
    if name:
        return environment.problem(f"{name}: {mistake.message}")
    return document.problem(mistake.path, mistake.message, key=mistake.key)


def _over(upper: dict[str, Any], lower: dict[str, Any]) -> dict[str, Any]:
    """Two layers as one, as pydantic-settings lays them."""
    both = {**lower, **upper}
    for key in upper.keys() & lower.keys():
        if isinstance(upper[key], dict) and isinstance(lower[key], dict):
            both[key] = _over(upper[key], lower[key])
    return both


def _absolute(settings: Settings, folder: Path) -> Settings:
    """Relative paths are meant from the folder of the settings' file."""
    url = make_url(settings.store.url)
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(folder / url.database))
    store = Store(url=url.render_as_string(hide_password=False))
    blocked = settings.moderation.blocked and str(folder / settings.moderation.blocked)
    moderation = settings.moderation.model_copy(update={"blocked": blocked})
    paths = {"schedules": folder / settings.schedules, "store": store, "moderation": moderation}
    return settings.model_copy(update=paths)
