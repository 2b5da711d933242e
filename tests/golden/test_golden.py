"""Outer behaviour is what it was: each scene is played again and compared, byte for byte, with what was recorded.

The program is driven as its users drive it: by the `convenor` command and over HTTP. Nothing of `bot` or `adapters` is
imported, so that a redesign of the inside needs no change here. What a machine and an hour bring with them is replaced
before it is compared; `plain.py` says what, and why.

A change of the kept files needs a reason in the commit message: it is a change that users, their scripts or their
stores will notice. `python -m tests.golden.record` makes it. `kept/store.sql` stays as it is, made by older code.
In that store are rows in every table but `concerns` and `silenced`.
"""

from __future__ import annotations

import ast
import difflib
from pathlib import Path

import pytest

from tests.golden.program import GOLDEN
from tests.golden.record import kept, played
from tests.golden.scenes import SCENES


def differences(before: str, after: str, name: str) -> str:
    """What is gone and what is new, line by line."""
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), f"kept {name}", f"now {name}", n=1))


@pytest.mark.parametrize("name", SCENES)
def test_what_is_seen_from_outside_is_what_was_recorded(name: str, tmp_path: Path) -> None:
    before, after = kept(name), played(name, tmp_path)
    assert sorted(after) == sorted(before)
    told = [differences(before[file], after[file], file) for file in before if before[file] != after[file]]
    assert not told, "\n".join(told)


def test_nothing_here_knows_the_inside() -> None:
    known = set()
    for path in GOLDEN.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                known |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                known.add((node.module or "").partition(".")[0])
    assert not known & {"bot", "adapters"}
