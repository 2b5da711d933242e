"""What people are told about the record, in the posts of a chat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from bot import privacy_notice
from bot.authoring import invitation
from bot.authoring.invitation import Invitation
from bot.privacy_notice import House
from bot.scheduling.post_text import post_texts
from bot.scheduling.timeline import all_slots
from tests.fakes.chats import a_chat
from tests.fakes.platform import flat_traits

DAYS = timedelta(days=2, hours=1, minutes=1)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    privacy_notice.use_house(House())


def said(key: str, **chat: object) -> str:
    """The text of a post in a place whose room is seen at an address."""
    one = msgspec.structs.replace(a_chat(), **chat)
    texts = post_texts(
        one, all_slots(one), {"room": flat_traits(platform="room", limit=2000, address="https://room.example")}
    )
    return next(" ".join(text.parts) for text in texts["room"] if text.slot.key == key)


def test_the_closing_says_until_when_and_where_the_record_can_be_changed() -> None:
    where = "Look at it before, and take out what you like: https://room.example/a/b"
    assert said("closing") == f"Thank you. The transcript is published after 2 days. {where}"
    privacy_notice.use_house(House(wait=timedelta(hours=36)))
    assert "after 36 hours." in said("closing")
    assert "after 1 day." in said("closing", draft=timedelta(days=1))
    assert "after 1 hour and 30 minutes." in said("closing", draft=timedelta(minutes=90))
    assert "after 3 minutes." in said("closing", draft=timedelta(minutes=3))
    assert "after 2 days and 12 hours." in said("closing", draft=timedelta(hours=60))
    assert "published at once." in said("closing", draft=timedelta(0))
    assert "nach 2 Tagen, 1 Stunde und 1 Minute ver\xf6ff" in said("closing", draft=DAYS, language="de")
    assert said("closing", publish="nobody") == "Thank you. Nothing of this chat will be published."


def test_the_closing_names_no_time_at_which_the_room_is_still_open() -> None:
    privacy_notice.use_house(House(open_after=timedelta(minutes=60)))
    assert "after 1 hour." in said("closing", draft=timedelta(minutes=3))
    assert "after 1 hour and 1 minute." in said("closing", draft=timedelta(minutes=60, seconds=20))


@pytest.mark.parametrize("key", ["rules", "closing"])
def test_where_only_those_are_shown_who_said_yes_people_are_told_how(key: str) -> None:
    words = 'Only people who write "include me" are in the transcript.'
    assert words in said(key, publish="consented")
    assert "include me" not in said(key, publish="pseudonyms")
    own = {key: 'Write "Include me", and you are in the transcript.'}
    assert words not in said(key, publish="consented", **own), "the series says it in its own words"


def test_invitations_say_it_too() -> None:
    one = Invitation(chat=msgspec.structs.replace(a_chat(), publish="consented"), ways=(), opens=timedelta(hours=1))
    texts = [invitation.blog(one, str), " ".join(invitation.mail(one).split())]
    assert ['Only people who write "include me" are' in text for text in texts] == [True, True]
    assert "include me" not in invitation.mail(msgspec.structs.replace(one, chat=a_chat()))


def test_the_rules_say_who_is_responsible_where_the_settings_do() -> None:
    assert said("rules") == "This is recorded."
    privacy_notice.use_house(House(responsible="Pretend Trust", privacy="privacy@example.org"))
    assert said("rules") == "This is recorded. Responsible: Pretend Trust, privacy@example.org"


@pytest.mark.parametrize("publish", ["pseudonyms", "consented", "nobody"])
def test_each_way_of_publishing_but_the_usual_one_states_its_rule(publish: str) -> None:
    assert privacy_notice.publishing_rule(msgspec.structs.replace(a_chat(), publish=publish))
    assert not privacy_notice.publishing_rule(a_chat())
