"""`python -m tests.golden.record [SCENE …]` records anew; with `--store` also the store, which is then no longer old.

For a change of behaviour that is meant. The message of the commit then has to say which, and why.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.golden.program import KEPT
from tests.golden.scenes import SCENES


def played(name: str, folder: Path) -> Mapping[str, str]:
    """What comes of a scene, in a folder that is empty."""
    return SCENES[name](folder)


def kept(name: str) -> Mapping[str, str]:
    """What came of it when it was recorded."""
    return {one.name: one.read_bytes().decode() for one in sorted((KEPT / name).iterdir())}


def record(name: str) -> None:
    """Play a scene and keep what comes of it, in the place of what was kept."""
    with tempfile.TemporaryDirectory() as folder:
        found = played(name, Path(folder))
    shutil.rmtree(KEPT / name, ignore_errors=True)
    (KEPT / name).mkdir(parents=True)
    for file, text in found.items():
        (KEPT / name / file).write_bytes(text.encode())
    sys.stdout.write(f"{name}: {len(found)} files\n")


def main(words: list[str]) -> None:
    """Record the named scenes, or all."""
    if "--store" in words:
        from tests.golden import making  # noqa: PLC0415 -- it wants the pretend platforms, which may have changed

        making.save()
    for name in [word for word in words if word in SCENES] or SCENES:
        record(name)


if __name__ == "__main__":
    main(sys.argv[1:])
