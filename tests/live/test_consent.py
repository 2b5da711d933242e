from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.live.consent import Request, is_opt_out, privacy_request


@pytest.mark.parametrize(
    "text",
    [
        "leave me out",
        "Leave me out.",
        "LEAVE  ME\nOUT!!",
        "please leave me out",
        "leave me out please",
        "Leave me out, please. Thank you \U0001f64f",
        "@OTalk_ leave me out",
        "@OTalk_ @pretend_b: leave me out #OTalk",
        "#OTalk leave me out",
        "<@1234567890> leave me out",
        "<@!1234567890> please, leave me out",
        "\u201cleave me out\u201d",
        "*leave me out*",
    ],
)
def test_the_words_alone_ask(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "leave",
        "leave me",
        "don\u2019t leave me out",
        "don't leave me out",
        "the notice says to write \u201cleave me out\u201d, is that right?",
        "A2 leave me out of the cooking",
        "please leave me out of it",
        "they leave me out",
        "#leavemeout",
        "leave @pretend_b me out",
    ],
)
def test_a_longer_sentence_does_not(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize(
    "mark",
    ["A1 ", "A1: ", "a 2, ", "Q10. ", "A1/2 ", "2) ", "Answer 1: ", "@OTalk_ #A1 ", "Antwort 3: ", "Please, A1 "],
)
def test_behind_the_mark_of_an_answer_the_words_still_ask(mark: str) -> None:
    """Else the request would be published, and not be carried out. A bare "stop" is an answer there."""
    asked = [privacy_request(mark + words) for words in ("leave me out", "forget me", "include me", "leave this out")]
    assert asked == ["leave", "forget", "return", "take out"]
    assert privacy_request(f"{mark}stop") is (None if "#" not in mark else "stop")
    assert privacy_request(f"{mark}they forget me") is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert is_opt_out(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("@OTalk_ what do you hold on me?", "hold"),
        ("What do you know about me, please", "hold"),
        ("Could you please tell me what you hold on me?", "hold"),
        ("can you forget me please", "forget"),
        ("Will you leave this out", "take out"),
        ("could they forget me", None),
        ("can you please not forget me", None),
        ("what-do-you-hold-on-me", "hold"),
        ("forget me #OTalk", "forget"),
        ("Please delete my data.", "forget"),
        ("forget me, yes", "forget yes"),
        ("Yes, forget me!", "forget yes"),
        ("Forget me yes please", "forget yes"),
        ("Yes, please forget me", "forget yes"),
        ("forget me, please: yes", "forget yes"),
        ("don't forget me", None),
        ("my clients forget me, yes", None),
        ("what do you hold on me and my team", None),
    ],
)
def test_asking_about_oneself_is_recognized_and_talk_about_it_is_not(text: str, request_: Request | None) -> None:
    assert privacy_request(text) == request_
