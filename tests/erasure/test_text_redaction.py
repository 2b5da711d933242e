"""A person in others' words: what is taken for them, and what is left because it is anybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.erasure.text_redaction import NAME_REMOVED, WORDS_REMOVED, TextRedactor
from bot.erasure.traces import Traces
from bot.readable.plain_text import PlainText, plain
from tests.erasure.pretend_hour import STARTS

MINUTES = timedelta(minutes=1)


def test_words_that_the_person_repeated_from_somebody_stay_where_others_repeat_them_too() -> None:
    """Also what follows them by chance is the same: three words of each are nobody's quotation."""
    said, own = "We always begin with a cup of tea and biscuits", "then each of us names one small success"
    words = f'"{said}" was well put, {own}'
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS + MINUTES, words),))
    redactor = TextRedactor(found, said=[(STARTS, said)])
    assert redactor.all(f'"{said}" was well put.') == f'"{said}" was well put.'
    assert redactor.all(f'I say "{own}"') == f'I say "{WORDS_REMOVED}"'
    assert redactor.all(f"I say {words}") == f'I say "{said}" {WORDS_REMOVED}'


def test_a_mark_is_nobodys_words() -> None:
    """Two people quoted somebody who is gone by now: what both said of it is no quotation."""
    quoted = f'"{WORDS_REMOVED}" was well put.'
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS, f"{quoted} So we do at our place"),))
    redactor = TextRedactor(found)
    assert redactor.all(f"{quoted} We all like that") == f"{quoted} We all like that"
    assert redactor.all(f"{quoted} So we do at our place") == f'"{WORDS_REMOVED}" {WORDS_REMOVED}'


def test_a_mention_of_somebody_else_is_no_part_of_a_quotation() -> None:
    said = "We always begin with a cup of tea"
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS, f"@sam_ot {said}"),))
    assert TextRedactor(found).all(f'@sam_ot "{said}" was well put') == f'@sam_ot "{WORDS_REMOVED}" was well put'


def test_names_handles_ids_and_quoted_words_get_a_mark_and_ordinary_words_none() -> None:
    said = "We always begin with a cup of tea and biscuits"
    found = Traces(
        accounts=frozenset({("x", "7712345")}),
        handles=frozenset({"kate_ot"}),
        names=frozenset({"Will Pretend", "Kate"}),
        items=frozenset({("x", "9912345")}),
        words=((STARTS, said),),
        chats=frozenset({"pretend/hour"}),
    )
    redactor = TextRedactor(found, others=["Sam Other"], said=[(STARTS + MINUTES, f"As she said: {said}!")])
    assert redactor.all(f'@Kate_OT said "{said}", and will do') == f'{NAME_REMOVED} said "{WORDS_REMOVED}", and will do'
    assert (
        redactor.all("Thanks Kate, see https://x.com/kate_ot/status/9912345 .")
        == f"Thanks {NAME_REMOVED}, see {NAME_REMOVED} ."
    )
    assert redactor.all("<@7712345> will Will be there? I skate") == f"{NAME_REMOVED} will Will be there? I skate"
    assert redactor.certain("Thanks Kate") == "Thanks Kate"
    everybody = TextRedactor(found, said=[(STARTS - MINUTES, said)])
    assert everybody.all(f"Again: {said}") == f"Again: {said}", "somebody else had said it before"


def test_a_question_a_link_or_a_mark_that_both_have_is_no_quotation() -> None:
    """Two people answer one question and share a page. Only what one took from the other goes."""
    question = "What gets in the way when you take a group online?"
    link = "https://example.org/a/long/address/of/a/page?part=2"
    own = "people lose the thread when nobody keeps it for them"
    words = (f"A1 {question} Tea", f"A1 see {link}", f"A1 {own}")
    found = Traces(accounts=frozenset({("x", "7712345")}), words=tuple((STARTS + MINUTES, one) for one in words))
    redactor = TextRedactor(found, said=[(STARTS, f"Q1. {question} #tag")])
    for text in (f"A1 {question} Mine is time", f"A1 see {link}", f"({link})"):
        assert redactor.all(text) == text
    assert redactor.all(f"A2 {own}, as she said") == f"A2 {WORDS_REMOVED}, as she said"


@pytest.mark.parametrize(
    ("name", "written", "left"),
    [
        ("Kate Brown", "as katebrown said, or KBrown", f"as {NAME_REMOVED} said, or {NAME_REMOVED}"),
        ("Kate Brown", "KATE \N{SEEDLING} brown said", f"{NAME_REMOVED} said"),
        ("Kate Brown", "Thanks K\u200bate\u200f!", f"Thanks {NAME_REMOVED}!"),
        ("Kate Brown", "Thanks Kate&nbsp;<b>Brown</b>!", f"Thanks {NAME_REMOVED}</b>!"),
        ("\u202aKate \N{SEEDLING} Brown\u202c", "Thanks kate brown!", f"Thanks {NAME_REMOVED}!"),
        ("<i>Kate</i> O&#39;Malley", "Thanks kate o\u2019malley, Malley", f"Thanks {NAME_REMOVED}, {NAME_REMOVED}"),
        ("Zoe\u0308 Tremblay", "Danke, Zo\u00eb, zoe tremblay", f"Danke, {NAME_REMOVED}, {NAME_REMOVED}"),
        ("Zo\u00eb Tremblay", "Danke, Zoe\u0308", f"Danke, {NAME_REMOVED}"),
        ("Kate Tremblay-Otter", "Otter, and kate; ms tremblay-otter", f"{NAME_REMOVED}, and kate; ms {NAME_REMOVED}"),
        ("Hope Brown", "We hope that Hope, like brown bread, stays", "We hope that Hope, like brown bread, stays"),
        ("Will Long", "willing, at will, Long ago", "willing, at will, Long ago"),
        ("Hope B. Brown", "Thanks hope b. brown, and Hope Brown", f"Thanks {NAME_REMOVED}, and Hope Brown"),
        ("Hope Brown (she/her)", "hope brown; Hope Brown (she/her)", f"{NAME_REMOVED}; {NAME_REMOVED}"),
        ("Brown, Hope", "Brown, Hope!", f"{NAME_REMOVED}!"),
        ("\N{SEEDLING}Hope", "@\N{SEEDLING}hope", NAME_REMOVED),
        ("\u738b\u5c0f\u660e", "\u611f\u8c22\u738b\u5c0f\u660e\u8001\u5e08", f"\u611f\u8c22{NAME_REMOVED}\u8001\u5e08"),
        ("\uae40\ucca0\uc218", "\uae40\ucca0\uc218\ub2d8", f"{NAME_REMOVED}\ub2d8"),
        ("Prof Kate, MSc", "My Prof has an MSc", "My Prof has an MSc"),
        ("\u0141ukasz Wa\u0142\u0119sa", "Lukasz Walesa, LUKASZ", f"{NAME_REMOVED}, {NAME_REMOVED}"),
        ("Søren Ørsted", "Soren Orsted, SØREN, Soeren", f"{NAME_REMOVED}, {NAME_REMOVED}, {NAME_REMOVED}"),
        ("Jens Gro\u00dfmann", "JENS GROSSMANN, GROSSMANN!", f"{NAME_REMOVED}, {NAME_REMOVED}!"),
        ("Jürgen Otter", "Ju\u0308rgen, juergen otter", f"{NAME_REMOVED}, {NAME_REMOVED}"),
        ("مُحَمَّد", "شكرا محمد!", f"شكرا {NAME_REMOVED}!"),
        ("Sean O'Malley-Brown", "sean omalley-brown, OMalley Brown", f"{NAME_REMOVED}, {NAME_REMOVED}"),
        ("Sean O'Malley-Brown", "O\u02bcMalley\u2013Brown", NAME_REMOVED),
        ("Kate Brown", "__kate brown__, snake_Kate_case", f"__{NAME_REMOVED}__, snake_Kate_case"),
        ("Kate Brown", "__Hi Kate Brown and all__", f"__Hi {NAME_REMOVED} and all__"),
        ("李 小龍", "我同意李小龍的話, @李小龍さん", f"我同意{NAME_REMOVED}的話, {NAME_REMOVED}さん"),
        ("李明", "李明さん, 桃李明的", f"{NAME_REMOVED}さん, 桃李明的"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_and_the_text_are_written(name: str, written: str, left: str) -> None:
    handles = {"katebrown", "kbrown"} if name == "Kate Brown" else {"gardening"}
    found = Traces(accounts=frozenset({("x", "7712345")}), handles=frozenset(handles), names=frozenset({name}))
    assert TextRedactor(found).all(written) == left
    assert TextRedactor(found).all("All about gardening and BROWN bread") == "All about gardening and BROWN bread"


def test_a_part_of_a_name_that_others_use_as_a_word_stays() -> None:
    found = Traces(accounts=frozenset({("x", "7712345")}), names=frozenset({"Kate Pretend | Occupational Therapist"}))
    said = (
        "Which therapist was it?",
        "An occupational therapist",
        "thanks kate",
        "Kate, Kate and Pretend",
    )
    redactor = TextRedactor(found, said=[(STARTS, text) for text in said])
    assert redactor.all("Kate and Pretend") == f"{NAME_REMOVED} and {NAME_REMOVED}"
    kept = "Occupational Therapists and a Therapist"
    assert redactor.all(kept) == kept
    first = Traces(accounts=frozenset({("x", "7712345")}), names=frozenset({"Occupational Therapist | Kate"}))
    assert TextRedactor(first, said=[(STARTS, "An occupational therapist")]).all(kept) == kept
    assert redactor.all("kate pretend | occupational therapist!") == f"{NAME_REMOVED}!"


def test_a_handle_with_a_capital_inside_counts_as_it_is_written_unless_it_is_a_hashtag() -> None:
    spelled = frozenset({"SunnyDayz", "OTalk", "Gardening"})
    handles = frozenset(map(str.casefold, spelled))
    found = Traces(accounts=frozenset({("x", "7712345")}), handles=handles, spelled=spelled)
    redactor = TextRedactor(found, said=[(STARTS, "Welcome to #OTalk")])
    text = "As SunnyDayz said on OTalk: Gardening, sunnydayz and #SunnyDayz"
    assert redactor.all(text) == text.replace("As SunnyDayz", f"As {NAME_REMOVED}")
    assert redactor.certain(text) == text, "nobody elsewhere means them"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("see x.com/i/status/9912345", f"see {NAME_REMOVED}"),
        ("(twitter.com/gardening/status/1)", f"({NAME_REMOVED})"),
        ("discord.com/channels/55/66/9912345?a=b, and", f"{NAME_REMOVED}, and"),
        ("[this](https://x.com/gardening/status/9912345) is it.", f"[this]({NAME_REMOVED}) is it."),
        ("at https://www.x.com/Gardening.", f"at {NAME_REMOVED}."),
        ("our club: https://club.example/gardening-group", "our club: https://club.example/gardening-group"),
        ("tea and/or gardening; x.com/other/status/5", "tea and/or gardening; x.com/other/status/5"),
        ("https://x.com/other/status/99123456", "https://x.com/other/status/99123456"),
        ("https://x.com/other/status/19912345#a", "https://x.com/other/status/19912345#a"),
        ("\u00ab*x.com/gardening*\u00bb", f"\u00ab*{NAME_REMOVED}*\u00bb"),
    ],
)
def test_an_address_of_theirs_goes_with_or_without_its_scheme_and_nothing_beside_it(written: str, left: str) -> None:
    found = Traces(
        accounts=frozenset({("x", "7712345")}),
        handles=frozenset({"gardening"}),
        items=frozenset({("x", "9912345")}),
    )
    assert TextRedactor(found).certain(written) == left


@pytest.mark.parametrize(
    ("handle", "written", "left"),
    [
        ("kate_ot", "kate\\_ot, @kate\\_ot, __kate_ot__, _by kate_ot_", "{0}, {0}, __{0}__, _by {0}_"),
        ("kate_ot", "@kate_ot_, @_kate_ot, my_kate_ot", "@kate_ot_, @_kate_ot, my_kate_ot"),
        ("_kate_ot_", "@_kate_ot_ or _kate_ot_, @kate_ot", "{0} or _{0}_, @kate_ot"),
        ("mj77", "Thanks mj77! MJ77, mj778 #mj77", "Thanks {0}! {0}, mj778 #mj77"),
        ("mp3", "an mp3 by @mp3", "an mp3 by {0}"),
    ],
)
def test_a_handle_is_found_escaped_underlined_and_as_a_word(handle: str, written: str, left: str) -> None:
    found = Traces(accounts=frozenset({("x", "7712345")}), handles=frozenset({handle}))
    assert TextRedactor(found).all(written) == left.format(NAME_REMOVED)


@given(
    st.text(
        st.sampled_from("_*\\\u0142\u00df\u02bc\u064faeK\u00eb\u0308\u200f\ufb01\uac00<b>/&amp;#39 \u2026\U0001f331"),
        max_size=30,
    )
)
def test_each_character_of_a_plain_text_has_its_place_in_the_text(text: str) -> None:
    whole = PlainText(text)
    for at, one in enumerate(whole.plain):
        marked = whole.replaced([(at, at + 1)], "\0")
        before, after = marked.split("\0")
        assert text.startswith(before)
        assert text.endswith(after)
        piece = text[len(before) : len(text) - len(after)]
        assert one in plain(piece) or (one == " " and piece.startswith("_"))
        if "_" not in text:  # whether one is markup depends on what stands before and behind
            assert whole.plain.startswith(plain(before))


def test_thousands_of_ids_are_found_without_a_word_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    items = {("x", str(10**18 + 7919**3 * n)) for n in range(5000)}
    redactor = TextRedactor(Traces(accounts=frozenset({("x", "7712345")}), items=frozenset(items)))
    for _, id in sorted(items)[::50]:
        assert redactor.hints(f"see {id} .")
        assert not redactor.hints(f"see {id[1:]} .")
    assert capfd.readouterr().err == ""


HEARD = (
    (
        datetime.min.replace(tzinfo=UTC),
        "Q2. Which tools would make the rest of it easier? To be left out: leave me out",
    ),
    (STARTS - MINUTES, "We meet on Zoom"),
    (STARTS + MINUTES, "A2 Best Practice on Zoom, and the 2026 plan; #Pretend by @sam_ot"),
    (STARTS + MINUTES, "Which tools would I use? Hope is practice. We hope"),
    (STARTS + MINUTES, "Thanks @Tamsin, and Tamsin"),
    (STARTS + MINUTES, "Thanks Kate Pretend, and Kate Otter, @li wei; Ana!"),
)
"""What others said, the bot first; the person came in between."""


def in_the_room(name: str, *, replied: bool = False, others: tuple[str, ...] = ("sam_ot",)) -> TextRedactor:
    found = Traces(accounts=frozenset({("room", "7712345")}), names=frozenset({name}), chosen_since=STARTS)
    return TextRedactor(found, said=HEARD, others=others, replied=replied)


@pytest.mark.parametrize("replied", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "Which tools would",
        "leave me out",
        "and the",
        "2026",
        "Best Practice",
        "Zoom",
        "Hope",
        "Pretend",
        "sam_ot",
        "Q2",
    ],
)
def test_words_that_somebody_chose_for_a_name_stay_in_everybodys_messages(name: str, *, replied: bool) -> None:
    redactor = in_the_room(name, replied=replied)
    for _, text in HEARD:
        assert redactor.all(text) == redactor.ours(text) == redactor.certain(text) == text


@pytest.mark.parametrize(
    ("name", "replied", "left"),
    [
        ("Kate Otter", False, "Thanks {0} Pretend, and {0}, @li wei; Ana!"),
        ("Kate Otter (she/her) | OT", False, "Thanks {0} Pretend, and {0}, @li wei; Ana!"),
        ("kate otter", False, "Thanks {0} Pretend, and {0}, @li wei; Ana!"),
        ("Kate", False, "Thanks {0} Pretend, and {0} Otter, @li wei; Ana!"),
        ("Li Wei", False, "Thanks Kate Pretend, and Kate Otter, {0}; Ana!"),
        ("Ana Fern", True, "Thanks Kate Pretend, and Kate Otter, @li wei; {0}!"),
        ("Ana Fern", False, "Thanks Kate Pretend, and Kate Otter, @li wei; Ana!"),
    ],
)
def test_a_name_that_anybody_can_choose_goes_where_others_addressed_the_person(
    name: str, left: str, *, replied: bool
) -> None:
    _, text = HEARD[-1]
    redactor = in_the_room(name, replied=replied)
    assert redactor.all(text) == left.format(NAME_REMOVED)
    assert redactor.ours(text) == redactor.certain(text) == text, "the bot's own words stay, and so do other chats"
    assert in_the_room(name, replied=replied, others=(name,)).all(text) == text, "somebody else is called the same"


def test_a_mention_by_the_first_name_addresses_the_person() -> None:
    redactor, (_, text) = in_the_room("Tamsin Fern"), HEARD[-2]
    assert redactor.all("Thanks @Tamsin, and Tamsin Fern") == f"Thanks {NAME_REMOVED}, and {NAME_REMOVED}"
    assert in_the_room("Tamsin Fern", others=("Tamsin",)).all(text) == text


@pytest.mark.parametrize("name", ["Best Practice", "and the", "2026"])
def test_a_wording_is_nobodys_name_on_any_platform(name: str) -> None:
    found = Traces(accounts=frozenset({("x", "7712345")}), names=frozenset({name}))
    for text in ("Best Practice and the 2026 plan", f"@{name}"):
        assert TextRedactor(found).all(text) == text


def test_somebody_from_the_room_is_found_in_nothing_but_capitals() -> None:
    found = Traces(accounts=frozenset({("room", "7712345")}), names=frozenset({"Peter Otter"}), chosen_since=STARTS)
    shouted = "PETER OTTER said so"
    assert TextRedactor(found, said=[(STARTS + MINUTES, shouted)]).all(shouted) == "[name removed] said so"
