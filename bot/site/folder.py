"""The folder of a site: what Convenor wrote there, and how it writes and deletes.

A marker file says that the folder is ours, and lists every file that we wrote or are about to write, so that a page
can be taken away even after a crash. Files of others are never touched. A file appears whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec
from filelock import FileLock, Timeout

from bot.errors import SetupError
from bot.messages import Value
from bot.reporting.file_set import WriteTo, finish_writing, write_files
from bot.site.entries import Entry

MARKER = ".convenor-site.json"
"""Marks a folder as ours."""

_LOCK = ".convenor-site.lock"
_FORMAT = 1
_PATIENCE = 120.0
"""Seconds to wait for another process that writes the same site."""

_ABOUT = "Convenor keeps this folder: what is listed here is written, and deleted, by it. Put no files of yours in it."


class KnownChat(Value, frozen=True, kw_only=True):
    """A chat whose pages are whole. `state` differs as soon as anything on them would."""

    state: str
    files: tuple[str, ...]
    entry: Entry


class Manifest(Value, frozen=True, kw_only=True):
    """The content of the folder: the chats, and the path of every file that was, or may have been, written.

    Search engines may list it if it is `indexed`.
    """

    format: int = _FORMAT
    about: str = _ABOUT
    chats: Mapping[str, KnownChat] = msgspec.field(default_factory=dict)
    files: tuple[str, ...] = ()
    indexed: bool = False


def is_site(folder: Path) -> bool:
    """Whether a folder has a site of ours."""
    return (folder / MARKER).is_file()


class SiteFolder:
    """One folder, while nobody else writes it: `opened` gives it. Raises SetupError wherever it can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = self._read()

    def save(self, manifest: Manifest) -> None:
        """Replace the list of what is here."""
        encoded = msgspec.json.encode(manifest)
        self.write({MARKER: lambda file: file.write(encoded)})
        self.manifest = manifest

    def write(self, files: Mapping[str, WriteTo]) -> None:
        """Write files by their paths, which have to be listed already. Those in one folder are replaced as one."""
        folders: dict[Path, dict[str, WriteTo]] = defaultdict(dict)
        for path, write_to in files.items():
            found = self._inside(path)
            folders[found.parent][found.name] = write_to
        for folder, writers in folders.items():
            write_files(folder, writers)

    def write_changed(self, files: Mapping[str, bytes]) -> None:
        """Write those of some files that are not there with this content."""
        changed = {path: data for path, data in files.items() if not self._holds(path, data)}
        self.write({path: partial(_write_bytes, data) for path, data in changed.items()})

    def delete(self, path: str) -> None:
        """Delete a file of ours, and its folder if that is empty then."""
        found = self._inside(path)
        try:
            found.unlink(missing_ok=True)
        except OSError as error:
            raise SetupError(f"{found} can't be deleted: {error.strerror}. Delete it by hand.") from error
        if found.parent != self.path:
            with suppress(OSError):
                found.parent.rmdir()

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        return self._inside(path).is_file()

    def sweep(self) -> None:
        """Finish, or clear away, what a crash interrupted."""
        for folder in {self.path, *((self.path / one).parent for one in self.manifest.files)}:
            if folder.is_dir():
                finish_writing(folder)

    def _read(self) -> Manifest:
        marker = self.path / MARKER
        try:
            manifest = msgspec.json.decode(marker.read_bytes(), type=Manifest)
        except FileNotFoundError:
            return Manifest()
        except (OSError, msgspec.MsgspecError) as error:
            raise SetupError(f"{marker} can't be read. Delete {self.path}, and let it be made again.") from error
        if manifest.format > _FORMAT:
            raise SetupError(f"{self.path} was written by a newer Convenor. Take that one, or another folder.")
        return manifest

    def _inside(self, path: str) -> Path:
        """The file at a path below the folder. Raises SetupError if it would lie elsewhere."""
        parts, found = PurePosixPath(path).parts, self.path / path
        if not parts or ".." in parts or path.startswith("/") or not _lies_in(found.parent, self.path):
            raise SetupError(f"{self.path} leads out of itself at {path}, so nothing is written. Take another folder.")
        return found

    def _holds(self, path: str, data: bytes) -> bool:
        try:
            return self._inside(path).read_bytes() == data
        except OSError:
            return False


@contextmanager
def opened(path: Path) -> Iterator[SiteFolder]:
    """A folder, made if it is missing, while nobody else writes it.

    Raises SetupError if it has files and isn't ours, can't be written, or is written by another process for long.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        check_ours(path)
        with FileLock(path / _LOCK, timeout=_PATIENCE):
            folder = SiteFolder(path)
            folder.sweep()
            yield folder
    except Timeout as error:
        raise SetupError(f"Another process writes the site in {path}. Wait until it is done.") from error
    except OSError as error:
        raise SetupError(f"{path} can't be used for a site: {error.strerror}. Give another folder.") from error


def check_ours(path: Path) -> None:
    """Raise SetupError if a folder has files and isn't a site of ours."""
    if path.exists() and not is_site(path) and any(one.name != _LOCK for one in path.iterdir()):
        raise SetupError(
            f"{path} has files that are no site of Convenor's, so nothing was written. Give a new or empty folder."
        )


def _lies_in(folder: Path, top: Path) -> bool:
    return folder.resolve().is_relative_to(top.resolve())


def _write_bytes(data: bytes, file: BinaryIO) -> None:
    file.write(data)
