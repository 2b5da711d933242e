from __future__ import annotations

import pytest

from bot.live.reposts import is_typed_repost


@pytest.mark.parametrize(
    "text",
    [
        "RT @kate: A1 my first",
        "RT @kate A1 my first",
        "rt: @kate hello",
        "\u200bRT @kate: x",
        "\u267b RT <@5>: x",
        '"RT @a.b x',
    ],
)
def test_a_text_that_only_repeats_is_a_repost(text: str) -> None:
    assert is_typed_repost(text)


@pytest.mark.parametrize(
    "text",
    ["So true! RT @kate: x", "RT", "RT is hard", "RTs welcome @kate", "Art @kate", "@kate RT this", "RT 2 @kate", ""],
)
def test_words_of_ones_own_are_none(text: str) -> None:
    assert not is_typed_repost(text)
