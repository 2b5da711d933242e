"""Pictures of the store as files of this machine, which adapters can send: each is written when it is first needed.

They lie in a folder of this process alone, and are deleted once nobody has the `PictureFiles` any more.
"""

from __future__ import annotations

import asyncio
import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

from msgspec.structs import replace

from bot.chat import Chat
from bot.messages import Image
from bot.store import chat_pictures
from bot.store.database import Database


class PictureFiles:
    """The pictures of a store. One that is in a folder, or not in the store any more, stays as it is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder: Path | None = None

    async def here(self, image: Image) -> Image:
        """The picture as a file of this machine. Raises StoreError, or OSError where it can't be written."""
        if not image.path.startswith(chat_pictures.IN_STORE):
            return image
        return await asyncio.to_thread(self.here_sync, image)

    def of_chat(self, chat: Chat) -> Chat:
        """A chat with the pictures of its questions as files of this machine."""
        with_pictures = (replace(one, image=self.here_sync(one.image)) if one.image else one for one in chat.questions)
        return replace(chat, questions=tuple(with_pictures))

    def here_sync(self, image: Image) -> Image:
        """The same, in this thread."""
        if not image.path.startswith(chat_pictures.IN_STORE):
            return image
        file = self._made_folder() / image.path.removeprefix(chat_pictures.IN_STORE)
        if not file.exists():
            data = self._database.read_sync(chat_pictures.find, image.path)
            if data is None:
                return image
            whole = file.with_name(f".{file.name}.{id(data)}")
            whole.write_bytes(data)
            whole.replace(file)
        return replace(image, path=str(file))

    def _made_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="convenor-pictures-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder
