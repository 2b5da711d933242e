"""The rules one by one, without a store: what is kept, held and dropped, and why."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SetupError
from bot.moderation import author_names, message_rules, reasons
from bot.moderation.message_rules import DROP, HOLD, RULES, judge, judge_again
from bot.moderation.policy import MessageFacts, Policy, Reason, policy
from bot.moderation.word_list import WordList, fold, load

ORDINARY = "A1 We run a weekly group over video, with a phone line for those whose connection drops. #OTalk"
NUMBER = "943 476 5919"


def facts(**more: object) -> MessageFacts:
    return MessageFacts(Policy(), **more)  # type: ignore[arg-type]


def kinds(text: str, known: MessageFacts) -> tuple[str, list[str]]:
    found = judge(text, known)
    return found.verdict, [one.kind for one in found.reasons]


@pytest.mark.parametrize(
    ("known", "verdict", "why"),
    [
        (facts(), "keep", []),
        (facts(muted=True), "drop", ["muted"]),
        (facts(command=True), "drop", ["command"]),
        (facts(repeated=True), "drop", ["again"]),
        (facts(recent=8), "keep", []),
        (facts(recent=9), "hold", ["flood"]),
        (facts(slow=30), "keep", []),
        (facts(slow=30, pause=30.0), "keep", []),
        (facts(slow=30, pause=29.9), "hold", ["slow"]),
        (facts(pause=0.1), "keep", []),
        (facts(first=True), "hold", ["first"]),
        (facts(unnamed=True), "hold", ["unnamed"]),
        (facts(first=True, recent=99), "hold", ["flood", "first"]),
        (facts(first=True, muted=True, command=True), "drop", ["muted"]),
    ],
)
def test_the_verdict_that_follows_from_the_facts(known: MessageFacts, verdict: str, why: list[str]) -> None:
    assert kinds(ORDINARY, known) == (verdict, why)
    for text in (ORDINARY, f"The number is {NUMBER}", "word " * 801):
        assert judge(text, known) == message_rules._judged(text, known, DROP, HOLD), "as by all rules"


def test_people_with_a_role_are_trusted_with_pace_and_with_nothing_else() -> None:
    assert kinds(ORDINARY, facts(unnamed=True).trusted()) == ("hold", ["unnamed"])
    free = facts(repeated=True, recent=99, slow=30, pause=1.0, first=True)
    assert kinds(ORDINARY, free.trusted()) == ("keep", [])
    assert kinds(f"The number is {NUMBER}", free.trusted())[0] == "hold"
    assert kinds(ORDINARY, msgspec.structs.replace(free, muted=True).trusted()) == ("drop", ["muted"])


def test_a_sign_that_the_guard_finds_is_held_with_its_position_unless_the_guard_is_off() -> None:
    text = f"The number is {NUMBER} today"
    [why] = judge(text, facts()).reasons
    assert (why.kind, text[why.start : why.end]) == ("nhs_number", NUMBER)
    assert judge(text, MessageFacts(Policy(guard=False))).verdict == "keep"
    assert judge_again(text, Policy()).reasons == (why,)


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("", False),
        ("Pretend Kate", False),
        ("@", False),
        ("Pretend OT 24", False),
        ("Sam @ home, class of 2019", False),
        (f"NHS {NUMBER}", True),
        ("\uff19\uff14\uff13 \uff14\uff17\uff16 \uff15\uff19\uff11\uff19", True),
        ("pretend@example.org", True),
        ("x1" * 50_000, False),
    ],
)
def test_a_name_that_could_identify_a_patient_holds_its_messages(name: str, held: bool) -> None:  # noqa: FBT001 -- a table
    found = judge(ORDINARY, facts(names=("pretend_1", name)))
    assert found.reasons == ((Reason(kind="name"),) if held else ())
    assert judge(ORDINARY, MessageFacts(Policy(guard=False), names=(name,))).verdict == "keep"


def test_each_name_is_shown_to_the_guard_once_while_it_is_remembered() -> None:
    author_names._held.clear()
    assert author_names.learn(["Pretend OT 24", f"NHS {NUMBER}", "Pretend OT 24"]) == 2
    for _ in range(100):
        assert judge(ORDINARY, facts(names=("Pretend OT 24", "Pretend Kate"))).verdict == "keep"
        assert judge(ORDINARY, facts(names=("Pretend Kate", f"NHS {NUMBER}"))).reasons == (Reason(kind="name"),)
    assert author_names.learn(["Pretend OT 24", f"NHS {NUMBER}", "Pretend Kate"]) == 0


def test_the_names_that_are_remembered_are_bounded() -> None:
    author_names.learn(f"Pretend {n}" for n in range(author_names._MOST))
    author_names.learn(["Pretend Kate", f"NHS {NUMBER}"])
    assert len(author_names._held) <= author_names._MOST
    assert author_names.is_held(f"NHS {NUMBER}")
    assert not author_names.is_held("Pretend 1")


def test_of_a_changed_text_only_the_words_count_and_whether_somebody_is_heard() -> None:
    assert judge_again(ORDINARY, Policy()).verdict == "keep"
    found = judge_again(f"It is {NUMBER}", Policy(), muted=True)
    assert (found.verdict, [one.kind for one in found.reasons]) == ("drop", ["muted"])


def test_a_long_text_is_held_and_a_huge_one_gives_few_reasons() -> None:
    assert kinds("word " * 801, facts()) == ("hold", ["long"])
    assert kinds("word " * 800, facts()) == ("keep", [])
    huge = judge(f"{NUMBER} and " * 20_000, facts())
    assert len(huge.reasons) <= 21


def test_every_reason_has_words_that_do_not_repeat_the_text() -> None:
    names = {rule.__name__ for rule in (*DROP, *HOLD)}
    assert len(names) == len(DROP) + len(HOLD)
    for kind in (*RULES, "name"):
        assert "no words" not in reasons.text(Reason(kind=kind))
    assert reasons.text(Reason(kind="phone", start=11, end=24)) == "a part of it looks like a phone number"
    assert reasons.text(Reason(kind="phone")) == "something looks like a phone number"
    assert reasons.summary([Reason(kind="flood"), Reason(kind="flood"), Reason(kind="long")]).count(";") == 1
    many = [Reason(kind=kind, start=0, end=5) for kind in ("phone", "email", "postcode", "ssn", "nhi")]
    assert reasons.summary(many).endswith("2 more")
    assert reasons.summary(()) == ""


def test_the_guards_kinds_all_have_words() -> None:
    from bot.moderation.guard import Kind  # noqa: PLC0415 -- only here

    for kind in Kind.__args__:  # type: ignore[attr-defined]
        assert "no words" not in reasons.text(Reason(kind=kind)), kind


# The list of blocked words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Buy MIRACLE cures", ["MIRACLE"]),
        ("miracles happen", []),
        ("an imiracle", []),
        ("see https://www.spam.example/x?y", ["spam.example"]),
        ("see notspam.example", []),
        ("two words here", ["two words"]),
        ("two  words", []),
        ("#badtag!", ["#badtag"]),
        ("badtag", []),
        ("miracle miracle", ["miracle", "miracle"]),
    ],
)
def test_whole_words_and_parts_of_links_are_found_where_they_stand(text: str, found: list[str]) -> None:
    blocked = WordList(["miracle", "spam.example", "two words", "#badtag"])
    spans = blocked.found(text)
    assert [text[span[0] : span[1]] for span in spans if span] == found


@pytest.mark.parametrize(
    "text",
    [
        "\uff2d\uff29\uff32\uff21\uff23\uff2c\uff25",
        "mira\u200bcle",
        "\U0001d4f6\U0001d4f2\U0001d4fb\U0001d4ea\U0001d4ec\U0001d4f5\U0001d4ee",
        "\ufeffMiracle\u2060",
    ],
)
def test_fancy_letters_hide_nothing(text: str) -> None:
    assert WordList(["miracle"]).found(f"a {text} é") == [None]
    assert WordList(["straße"]).found("STRASSE é") == [None]


@given(
    st.lists(
        st.sampled_from(
            ["A plain one", "a miracle", "MIR\u200bACLE \u00e9", "spam", "", "miracles", "two\nwords", "a\u2026"]
        )
    ),
    st.sampled_from([["miracle"], ["spam", "two words"], [], [f"word{number}" for number in range(99)] + ["miracle"]]),
)
def test_texts_without_a_blocked_word_are_the_same_together_as_one_by_one(texts: list[str], words: list[str]) -> None:
    blocked = WordList(words)
    assert blocked.without_any(texts) == {text for text in texts if not blocked.found(text)}


def test_blocked_words_hold(tmp_path: Path) -> None:
    file = tmp_path / "blocked.txt"
    file.write_text("\ufeff# a list\n\n  miracle  \nspam.example\n", encoding="utf-8")
    ours = policy(blocked=file, flood="3/minute", longest=200)
    assert (ours.most, ours.window) == (3, 60)
    found = judge("A miracle!", MessageFacts(ours))
    assert (found.verdict, found.reasons) == ("hold", (Reason(kind="blocked", start=2, end=9),))
    assert judge_again("A miracle!", ours).verdict == "hold"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"fine\n***\n", ":2: there is no letter"),
        (b"fine\nna\xefve\n", ":2: this is not UTF-8"),
        (b"a\x00b\n", ":1: there is a control character"),
        (b"x" * 201, ":1: this is longer than 200"),
        (b"x\n" * 20_001, "more than 20000 words"),
        (b"x" * ((1 << 20) + 1), "larger than 1 MiB"),
    ],
)
def test_a_mistake_in_the_list_is_reported_with_its_line_and_the_remedy(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "blocked.txt"
    file.write_bytes(data)
    with pytest.raises(SetupError, match=r"blocked\.txt") as error:
        load(file)
    assert said in str(error.value)


@given(
    st.text(alphabet="ab…é²Ⓐﬁ .,-\u0301\u200bA", max_size=12),
    st.lists(st.sampled_from(["a", "b a", "é", "ab", "a..."])),
)
def test_a_short_list_finds_the_same_as_a_long_one(text: str, words: list[str]) -> None:
    others = [f"other{number}" for number in range(100)]
    assert WordList(words).found(text) == WordList([*words, *others]).found(text)
    assert fold(text) == unicodedata.normalize("NFKC", fold(unicodedata.normalize("NFKC", text)))


def test_a_missing_list_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"cannot be read: .*Check \[moderation\] blocked"):
        load(tmp_path / "none.txt")
    with pytest.raises(SetupError):
        load(tmp_path)


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_any_text_is_judged(text: str, words: list[str]) -> None:
    found = judge(text, MessageFacts(Policy(blocked=WordList(words))))
    assert (found.verdict == "keep") is (not found.reasons)
    for one in found.reasons:
        assert one.start is None or (one.end is not None and 0 <= one.start < one.end <= len(text))
