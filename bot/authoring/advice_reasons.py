"""The advice of `writing_advice`, in general: what is advised, and why. The docs and the team's page say the same."""

from __future__ import annotations

from bot.translation import pending

REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("hashtag-case",),
        pending("a capital for each word in a long hashtag"),
        pending("a screen reader reads the words apart"),
    ),
    (
        ("hashtag-place", "hashtags"),
        pending("hashtags at the end, and at most two"),
        pending("inside a sentence they interrupt it"),
    ),
    (("emoji",), pending("no emoji as a bullet"), pending("its name is read out each time")),
    (("shouting",), pending("no words in capitals in a row"), pending("they are harder to read")),
    (
        ("short-link",),
        pending("the whole address of a page, not a short one"),
        pending("a shortener hides where it leads, and some networks block it"),
    ),
    (("alt-text",), pending('what a picture shows, not "image"'), pending("it is all that some people get")),
    (("two-questions",), pending("one question at a time"), pending("people answer one of them")),
    (("long", "reading"), pending("up to 25 words, and plain ones"), pending("people read while they write")),
    (("patients",), pending("ask what people do, not for a patient's story"), pending("the chat is public")),
    (
        ("many", "ending"),
        pending("five minutes for each question, the last one included"),
        pending("time to read, think and write"),
    ),
    (("holiday",), pending("another day than a public holiday"), pending("people may be away")),
    (
        ("clash",),
        pending("another day than another chat of a series with a `weekday`"),
        pending("one of the two dates may be wrong"),
    ),
)
"""The names by which advice is switched off, what is advised, and why: fragments, as in a table."""
