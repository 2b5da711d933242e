"""Builds what the team's page needs, from the settings."""

from __future__ import annotations

from collections.abc import Callable

from bot.authoring.chat_folder import REHEARSAL
from bot.authoring.folder_files import FolderFiles
from bot.reporting.markdown import inline
from bot.scheduling.stored_files import StoredFiles
from bot.settings.afterwards import SiteSettings, WordPress
from bot.settings.places import RoomPlace
from bot.settings.settings import Log, Settings, Store
from bot.store.picture_files import PictureFiles
from bot.team.files import TeamFiles
from bot.team.rehearsals import RehearsalSetting, TeamRehearsals
from bot.team.service import TeamContext, TeamService
from bot.wiring.adapters import traits
from bot.wiring.foundation import Foundation
from bot.wiring.joining import ways_to_join


def team_service(ground: Foundation, saved: Callable[[], None]) -> TeamService:
    """The service behind the team's page. `saved` is called when a chat file was written."""
    settings, places = ground.settings, traits(ground.settings)
    folder, stored = FolderFiles(settings.schedules, ground.clock), StoredFiles(ground.database, ground.clock)
    pictures = PictureFiles(ground.database)
    files = TeamFiles(folder, stored, {name: one.platform for name, one in places.items()})
    context = TeamContext(
        places=places,
        ways=lambda chat: ways_to_join(settings, chat, chat.places or places),
        literal=inline,
        opens=settings.hosting.open_before,
        saved=saved,
    )
    rehearsals = TeamRehearsals(
        files,
        ground.clock,
        RehearsalSetting(
            settings=_for_rehearsals(settings), script=settings.schedules / REHEARSAL, here=pictures.of_chat
        ),
    )
    return TeamService(ground.database, files, ground.clock, context, rehearsals)


def _for_rehearsals(settings: Settings) -> str:
    """The settings as JSON, without accounts, secrets and the store: what a rehearsal can't touch, it needn't know."""
    nothing = {
        "places": {"room": RoomPlace(platform="room")},
        "store": Store(),
        "wordpress": WordPress(),
        "site": SiteSettings(),
        "log": Log(),
    }
    return settings.model_copy(update=nothing).model_dump_json()
