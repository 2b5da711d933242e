"""The soak's model of an edited file can find fault."""

from __future__ import annotations

import pytest

from tests.soak.file_versions import FileVersions

BEFORE = ((0, "A"), (1, "B"), (2, "C"))
AFTER = ((2, "C"), (3, "N"), (1, "B now"), (0, "A"))


@pytest.mark.parametrize("asked", ["A,C,N,B now", "A,B,C,N", "C,N,B now,A"])
def test_an_edit_may_come_before_or_after_any_question(asked: str) -> None:
    assert list(FileVersions([BEFORE, AFTER]).wrong(asked.split(","))) == []


@pytest.mark.parametrize("asked", ["A,B,C", "A,B,N,C", "A,A,C,N,B", "A,C,B,N", "A,X,C,N", "A,B,B now,C,N"])
def test_a_question_left_out_doubled_moved_or_invented_is_found(asked: str) -> None:
    assert list(FileVersions([BEFORE, AFTER]).wrong(asked.split(",")))


def test_a_version_that_was_taken_over_counts() -> None:
    asked = ["A", "B", "C", "N"]
    assert list(FileVersions([BEFORE, AFTER], taken=[(1, 2)]).wrong(asked)) == []
    assert list(FileVersions([BEFORE, AFTER], taken=[(1, 1)]).wrong(asked))
