"""Whether an image can be posted: a picture that is there, beside the chat file, with words for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import shown

_BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
"""What a file of each kind begins with."""


def without_words(draft: ChatSource) -> Iterator[Problem]:
    """An image has an alt text: accessibility is a must. An alt text without an image is a doubt."""
    for index, question in enumerate(draft.values.questions or []):
        image, alt = ("questions", index, "image"), ("questions", index, "alt")
        if question.image and not question.alt and draft.sound(alt):
            yield draft.problem(
                image, "'image' has no text for people who cannot see it; describe it in 'alt'.", key=True
            )
        if question.alt and not question.image and draft.sound(image):
            yield draft.problem(alt, "'alt' describes an image, but there is none.", key=True, severity="warning")


def unusable(draft: ChatSource) -> Iterator[Problem]:
    """An image is a picture that platforms take, inside the chat's own folder."""
    folder = Path(draft.source("questions").document.file).parent
    for index, question in enumerate(draft.values.questions or []):
        wrong = wrong_with(folder, question.image) if question.image else None
        if wrong:
            yield draft.problem(("questions", index, "image"), f"'image' is {shown(question.image)}; {wrong}.")


def wrong_with(folder: Path, name: str) -> str | None:
    """What is wrong with this image, or None."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            return "put the file into the folder of the chat file, and write only its name"
        if path.suffix.lower() not in _BEGINNINGS:
            return "it must be a picture: png, jpg, gif or webp"
        if not path.is_file():
            return "there is no such file beside the chat file"
        with path.open("rb") as file:
            begins = file.read(12)
    except (OSError, RuntimeError, ValueError):
        return "this file cannot be opened"
    return None if begins.startswith(_BEGINNINGS[path.suffix.lower()]) else "that file is not the picture its name says"
