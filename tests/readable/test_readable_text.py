"""What platforms write for machines, as it reads."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import Author, Media
from bot.readable import Directory, author_name, mentions, readable_text
from bot.translation import speaking

NAMES = {"<@5>": "@pretend.kate", "<#100>": "#general", "<@&77>": "@Moderators"}
KNOWN = Directory(
    account={"6": "@pretend_lee"}.get,
    post={"12": "@pretend_lee"}.get,
)


def on_discord(text: str) -> str:
    return readable_text(text, place="discord", zone="Europe/London", names=NAMES, directory=KNOWN)


def on_x(text: str) -> str:
    return readable_text(text, place="x", directory=KNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@5> and <@!5> and <@6>", "@pretend.kate and @pretend.kate and @pretend_lee"),
        ("<@7> <#8> <@&9>", "@someone #channel @role"),
        ("<#100> <@&77>", "#general @Moderators"),
        ("we <:ot:123456789012345678> this <a:party:123456789012345678>", "we :ot: this :party:"),
        ("see </chat status:123456789012345678>", "see /chat status"),
        ("on <t:1697227200:R>", "on 13 October 2023, 21:00"),
        ("on <t:1697227200>", "on 13 October 2023, 21:00"),
        (
            "on <t:1698539400:f>, then <t:1698543000:f>",
            "on 29 October 2023, 01:30 BST, then 29 October 2023, 01:30 GMT",
        ),
        ("on <t:9999999999999>", "on <t:9999999999999>"),
        ("||secret|| and ||<@5>||", "[spoiler: secret] and [spoiler: @pretend.kate]"),
        ("**bold** *it* _it_ __under__ ***both*** `code`", "bold it it under both code"),
        ("~~ten~~ twelve", "[crossed out: ten] twelve"),
        ("```py\nx = 1 * 2 * 3\n```", "x = 1 * 2 * 3"),
        ("`**not bold** <@5>`", "**not bold** <@5>"),
        ("> first\n> second\nmine", "\u201cfirst\nsecond\u201d\nmine"),
        (">>> all\nof it", "\u201call\nof it\u201d"),
        ("- one\n- two\n  * three", "\u2022 one\n\u2022 two\n  \u2022 three"),
        ("# Title\n-# small", "Title\nsmall"),
        ("[a guide](https://example.org/a_b_c)", "a guide (https://example.org/a_b_c)"),
        ("<https://example.org/_a_>", "https://example.org/_a_"),
        ("\\*plain\\*", "*plain*"),
        ("a\\_b\\_c and \\_plain\\_", "a_b_c and _plain_"),
    ],
)
def test_markup_of_discord_reads_as_words(text: str, words: str) -> None:
    assert on_discord(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "A1 we meet on Tuesdays",
        "2 * 3 * 4 and 3*4 and 5*6",
        "snake_case_name",
        "https://example.org/a_b_/c_d",
        "**",
        "a || b",
        "5 > 4 < 6",
        "-5 degrees",
        "<3 <b> <@kate>",
        "a #hashtag",
        "~ about ten",
    ],
)
def test_ordinary_talk_stays_as_it_was_typed(text: str) -> None:
    assert on_discord(text) == text


def test_names_with_marks_in_them_stay_whole() -> None:
    names = {"<@5>": "@_kate_*x*"}
    assert readable_text("**hi <@5>**", place="discord", names=names) == "hi @_kate_*x*"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("as https://x.com/pretend_kate/status/12345 says", "as post by @pretend_kate says"),
        ("https://twitter.com/pretend_kate/status/12345/photo/1?s=20", "post by @pretend_kate"),
        ("https://x.com/i/web/status/12 https://x.com/i/status/99", "post by @pretend_lee a post on X"),
        ("look https://t.co/AbC123", "look [link]"),
        ("https://example.org/x.com/a/status/1", "https://example.org/x.com/a/status/1"),
        ("**bold** ||x|| <@5>", "**bold** ||x|| <@5>"),
    ],
)
def test_links_of_x_read_as_words(text: str, words: str) -> None:
    assert on_x(text) == words


def test_the_platform_is_told_by_the_place_or_the_address() -> None:
    assert readable_text("**a**", place="discord-wards") == "a"
    assert readable_text("**a**", place="wards", url="https://discord.com/channels/1/2/3") == "a"
    assert readable_text("**a**", place="wards", url="https://example.org/https://discord.com/") == "**a**"
    assert readable_text("**a** <@5>", place="wards", names=NAMES) == "a @pretend.kate"
    assert readable_text("**a** ||b|| <@5>", place="room") == "**a** ||b|| <@5>"


@pytest.mark.parametrize(
    ("text", "media", "words"),
    [
        ("", [Media(kind="picture", text="a mind map of groups")], "picture: a mind map of groups"),
        ("", [Media(kind="picture")], "picture"),
        ("", [Media(kind="picture")] * 3, "3 pictures"),
        (
            "Look ",
            [Media(kind="picture", text="two\nlines"), Media(kind="picture")],
            "Look\npicture: two lines\npicture",
        ),
        ("", [Media(kind="sticker", text="Wave")], "sticker: Wave"),
        ("", [Media(kind="poll", text="Which day?")], "poll: Which day?"),
        ("", [Media(kind="voice")], "voice note"),
        ("", [Media(kind="forward")], "forwarded message"),
        ("", [], "picture or other attachment"),
        (" \n", [], "picture or other attachment"),
        ("\u200b\u2060", [], "picture or other attachment"),
        (" \u3164\ufe0f", [Media(kind="picture")], "picture"),
    ],
)
def test_a_message_without_words_reads_as_what_it_has(text: str, media: list[Media], words: str) -> None:
    for place in ("discord", "x", "room"):
        assert readable_text(text, media, place=place) == words


PIECES = st.sampled_from(
    ["<@5>", "<@!5>", "<#100>", "<t:1>", "**", "*", "_", "__", "||", "~~", "`", "```", "> ", "- ", "\n", " ", "a", "\\"]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=30))
@example(["0\x00"])
def test_any_text_reads_as_something(pieces: list[str]) -> None:
    words = on_discord("".join(pieces))
    assert words.strip()
    assert "\x00" not in words
    if not {"`", "\\"} & set("".join(pieces)):
        assert not re.search(r"<@!?5>|<#100>", words), "ids are names, but in code"


def test_people_are_mentioned_by_handle_and_by_id() -> None:
    text = "<@5> <@6> <@7> <@&77> @typed `@code` a@b.org"
    found = mentions(text, place="discord", names=NAMES, directory=KNOWN)
    assert sorted(found) == ["@code", "@pretend.kate", "@pretend_lee", "@typed"]
    assert mentions("@a and b@c.org", place="x") == ("@a",)
    assert mentions("nobody", place="x") == ()


def test_an_account_is_named_by_its_handle_first() -> None:
    assert author_name(Author(id="1", handle="@a", name="A")) == "@a"
    assert author_name(Author(id="1", name="Kate")) == "@Kate"
    assert author_name(Author(id="1")) is None


HOSTILE = [
    "*",
    "**a",
    "_a ",
    "||a",
    "[a",
    "<@",
    "`a",
    "```a",
    "> a\n",
    "- ",
    "__a_b",
    "~~a",
    "*a *",
    " _",
    "\\",
    "[x](",
]


def test_words_of_ours_are_in_the_language_that_is_spoken() -> None:
    things = (Media(kind="picture", text="a mind map"), Media(kind="voice"), Media(kind="voice"))
    written = "~~zehn~~ ||zwölf|| am <t:1602615600:F>"
    with speaking("de"):
        assert readable_text("Hier", things, place="room") == "Hier\nBild: a mind map\n2 Sprachnachrichten"
        assert readable_text("", place="room") == "Bild oder anderer Anhang"
        assert on_discord(written) == "[durchgestrichen: zehn] [Spoiler: zwölf] am 13. Oktober 2020, 20:00"
        assert on_x("https://x.com/i/status/12") == "Post von @pretend_lee"
        assert on_x("https://x.com/i/status/13") == "ein Post auf X"


@pytest.mark.parametrize("piece", [*HOSTILE, "[x](", "https://", ">>> a\n", "***a", "<t:1"])
def test_the_time_grows_with_the_length_of_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return min(_processor_time(text) for _ in range(3))

    assert seconds(80_000) < 40 * max(seconds(10_000), 0.0005)


def _processor_time(text: str) -> float:
    begin = time.process_time()
    on_discord(text)
    return time.process_time() - begin
