"""The rules for images: a picture file beside the chat file, with an alt text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import shown
from bot.translation import LazyText, lazy

_SIGNATURES = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
"""The first bytes of a file, by the ending of its name."""


def missing_alt_texts(source: ChatSource) -> Iterator[Problem]:
    """Errors for images without an alt text, and warnings for alt texts without an image."""
    for index, question in enumerate(source.values.questions or []):
        image, alt = ("questions", index, "image"), ("questions", index, "alt")
        if question.image and not question.alt and source.valid(alt):
            message = lazy("'image' has no text for people who cannot see it; describe it in 'alt'.")
            yield source.problem(image, message, key=True)
        if question.alt and not question.image and source.valid(image):
            message = lazy("'alt' describes an image, but there is none.")
            yield source.problem(alt, message, key=True, severity="warning")


def unusable_images(source: ChatSource) -> Iterator[Problem]:
    """Errors for images that are no picture that platforms accept, or outside the chat file's folder."""
    for index, question in enumerate(source.values.questions or []):
        mistake = _mistake(source, question.image) if question.image else None
        if mistake:
            message = lazy("'image' is {name}; {mistake}.", name=shown(question.image), mistake=mistake)
            yield source.problem(("questions", index, "image"), message)


def path_of(source: ChatSource, name: str) -> str:
    """What an Image has as its path: the file on this machine, or the picture in the store."""
    if source.pictures is not None:
        return source.pictures[name]
    return str((_folder(source) / name).resolve())


def image_files(source: ChatSource) -> dict[str, Path]:
    """The pictures of a chat file that is in a folder, by their names there."""
    asked = [one.image for one in source.values.questions or [] if one.image]
    return {name: _folder(source) / name for name in asked}


def _folder(source: ChatSource) -> Path:
    return Path(source.file_of("questions").document.file).parent


def _mistake(source: ChatSource, name: str) -> LazyText | None:
    if source.pictures is None:
        return image_mistake(_folder(source), name)
    if name in source.pictures:
        return None
    return lazy("there is no such file beside the chat file")


def is_picture(name: str, start: bytes) -> bool:
    """Whether a file that begins like this is the picture that its name says."""
    suffix = Path(name).suffix.lower()
    known = start.startswith(_SIGNATURES.get(suffix, ()))
    return known and (suffix != ".webp" or start[8:12] == b"WEBP")  # a sound file begins with RIFF as well


def image_mistake(folder: Path, name: str) -> LazyText | None:
    """The mistake in the name of an image, or in its file; None if it can be posted."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            return lazy("put the file into the folder of the chat file, and write only its name")
        if path.suffix.lower() not in _SIGNATURES:
            return lazy("it must be a picture: png, jpg, gif or webp")
        if not path.is_file():
            return lazy("there is no such file beside the chat file")
        with path.open("rb") as file:
            start = file.read(12)
    except (OSError, RuntimeError, ValueError):
        return lazy("this file cannot be opened")
    return None if is_picture(path.name, start) else lazy("that file is not the picture its name says")
