"""Chat files in a folder and in the store keep the same promises, and the same chats come of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.chat import Chat, Programme
from bot.errors import ChangedMeanwhileError, ChatFileError
from bot.messages import Image, Post
from bot.ports.chat_files import ChatFiles
from bot.scheduling import stored_files
from bot.scheduling.programmes import BothProgrammes
from bot.scheduling.stored_files import StoredFiles
from bot.store import planned_posts
from bot.store.database import Database
from bot.store.picture_files import PictureFiles
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.setup.pixel import PIXEL

TEXT = 'title = "Sleep"\nstarts = 2026-03-05T20:00:00\n[[questions]]\ntext = "What helps people to sleep — and why?"\n'
SERIES = 'timezone = "Europe/London"\nlength = "90m"\n'
BY = "Pretend host A"
OTHER = PIXEL + b"and more"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    with closing(Database(store_url)) as made:
        yield made


@pytest.fixture(params=["folder", "sqlite", "postgresql"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChatFiles]:
    clock = HandClock(NOON)
    if request.param == "folder":
        yield FolderFiles(tmp_path / "schedules", clock)
        return
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    with closing(Database(url)) as made:
        yield StoredFiles(made, clock)


def text_of(files: ChatFiles, name: str, version: str = "") -> str | None:
    found = files.read(name, version)
    return found.text if found else None


def test_what_is_written_is_there_and_what_was_is_kept(files: ChatFiles) -> None:
    with suppress(ChatFileError):  # a folder that is not there yet
        assert files.list() == {}
    assert files.read("otalk/sleep") is None
    first = files.write("otalk/sleep", TEXT, expected="", by=BY)
    assert files.list() == {"otalk/sleep": first}
    second = files.write("otalk/sleep", TEXT.replace("Sleep", "Rest"), expected=first, by="Pretend host B")
    assert files.list() == {"otalk/sleep": second}
    assert second != first
    gone = files.read("otalk/sleep")
    assert gone is not None
    assert (gone.version, gone.text) == (second, TEXT.replace("Sleep", "Rest"))
    files.write("otalk/sleep", None, expected=second, by=BY)
    assert (files.list(), files.read("otalk/sleep")) == ({}, None)
    kept = files.versions("otalk/sleep")
    assert [(one.by, one.gone, one.at) for one in kept] == [
        (BY, False, NOON),
        ("Pretend host B", False, NOON),
        (BY, True, NOON),
    ]
    assert [text_of(files, "otalk/sleep", one.version) for one in kept] == [TEXT, TEXT.replace("Sleep", "Rest"), None]
    again = files.write("otalk/sleep", TEXT, expected="", by=BY)
    assert files.list() == {"otalk/sleep": again}
    assert text_of(files, "otalk/sleep", "no such version") is None


def test_nobody_writes_over_what_they_have_not_seen(files: ChatFiles) -> None:
    first = files.write("otalk/sleep", TEXT, expected="", by=BY)
    files.write("otalk/sleep", TEXT.replace("Sleep", "Rest"), expected=first, by=BY)
    for seen in (first, "", "nonsense", "99"):
        with pytest.raises(ChangedMeanwhileError):
            files.write("otalk/sleep", TEXT, expected=seen, by="Pretend host B")
        with pytest.raises(ChangedMeanwhileError):
            files.write("otalk/sleep", None, expected=seen, by="Pretend host B")
    assert text_of(files, "otalk/sleep") == TEXT.replace("Sleep", "Rest")
    assert len(files.versions("otalk/sleep")) == 2


def test_of_many_who_write_at_once_one_is_first(files: ChatFiles) -> None:
    seen = files.write("otalk/sleep", TEXT, expected="", by=BY)

    def write(number: int) -> str:
        try:
            return files.write("otalk/sleep", TEXT + f"# {number}\n", expected=seen, by=f"Pretend host {number}")
        except ChangedMeanwhileError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        for times in range(5):
            done = list(filter(None, pool.map(write, range(8 * times, 8 * times + 8))))
            assert len(done) == 1
            seen = done[0]
            assert files.list() == {"otalk/sleep": seen}
    assert len(files.versions("otalk/sleep")) == 6


NOWHERE = (
    *("sleep", "a/b/c", "/etc/passwd", "../../x", "otalk/.hidden", "otalk/", "/sleep", "otalk/a?b", "host/sleep"),
    *("otalk/" + "x" * 300, " otalk/x", "otalk/nul\0", "a/b\n"),
)


@pytest.mark.parametrize("name", NOWHERE)
def test_a_name_that_fits_nowhere_is_refused(files: ChatFiles, name: str) -> None:
    with pytest.raises(ChatFileError):
        files.write(name, TEXT, expected="", by=BY)
    with suppress(ChatFileError):
        assert files.list() == {}


def test_what_another_program_wrote_in_the_folder_is_kept_when_it_is_written_over(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path, HandClock(NOON))
    first = files.write("otalk/sleep", TEXT, expected="", by=BY)
    (tmp_path / "otalk" / "sleep.toml").write_text("# by an editor\n", encoding="utf-8")
    now = files.read("otalk/sleep")
    assert now is not None
    assert now.version != first
    files.write("otalk/sleep", TEXT, expected=now.version, by=BY)
    assert [text_of(files, "otalk/sleep", one.version) for one in files.versions("otalk/sleep")] == [
        TEXT,
        "# by an editor\n",
        TEXT,
    ]
    history = tmp_path / "otalk" / ".versions" / "sleep.jsonl"
    history.write_bytes(history.read_bytes()[:-20])  # a crash cut the last line off
    assert len(files.versions("otalk/sleep")) == 2


def chats(files: ChatFiles) -> Programme:
    return Schedules(files, {"room": "room"}, HandClock(NOON))()


def test_the_same_chats_come_of_both(files: ChatFiles, tmp_path: Path) -> None:
    files.write("otalk/sleep", TEXT, expected="", by=BY)
    files.write("otalk/series", SERIES, expected="", by=BY)
    files.write("otalk/wrong", "title = \n", expected="", by=BY)
    folder = tmp_path / "there"
    (folder / "otalk").mkdir(parents=True)
    for name, text in {"sleep": TEXT, "series": SERIES, "wrong": "title = \n"}.items():
        (folder / "otalk" / f"{name}.toml").write_text(text, encoding="utf-8")
    with capture_logs() as logs:
        programme = chats(files)
    assert programme.chats == chats(FolderFiles(folder, HandClock(NOON))).chats
    assert programme.invalid == frozenset({"otalk/wrong"})
    assert [one for one in logs if one["event"] == "schedules.problem" and one["log_level"] == "error"]
    schedules = Schedules(files, {"room": "room"}, HandClock(NOON))
    schedules()
    series = files.read("otalk/series")
    assert series is not None
    files.write("otalk/series", SERIES.replace("90m", "60m"), expected=series.version, by=BY)
    assert schedules().chats[0].length.total_seconds() == 3600


def test_a_file_in_the_folder_counts_before_one_of_the_store(database: Database) -> None:
    stored = StoredFiles(database, HandClock(NOON))
    for name in ("otalk/sleep", "otalk/rest"):
        stored.write(name, TEXT, expected="", by=BY)
    mine = a_chat(name="otalk/sleep")

    def folder() -> Programme:
        return Programme(chats=(mine,), versions={mine.name: "as it is"})

    both = BothProgrammes(folder, Schedules(stored, {"room": "room"}, HandClock(NOON)))
    with capture_logs() as logs:
        found, _ = both(), both()
    assert [_title(one) for one in found.chats] == [("otalk/sleep", mine.title), ("otalk/rest", "Sleep")]
    assert found.versions["otalk/sleep"] == "as it is"
    assert [one["chat"] for one in logs if one["event"] == "schedules.name_taken"] == ["otalk/sleep"]


def _title(chat: Chat) -> tuple[str, str]:
    return chat.name, chat.title


ILLUSTRATED = f'{TEXT}image = "map.png"\nalt = "A mind map"\n'


def shown(files: ChatFiles, name: str = "otalk/sleep") -> Image:
    """The picture of a chat, as its next reading has it."""
    chats = {one.name: one for one in Schedules(files, {"room": "room"}, HandClock(NOON))().chats}
    image = chats[name].questions[0].image
    assert image is not None
    return image


def bytes_of(database: Database, image: Image) -> bytes | None:
    """What another machine with this store would post."""
    pictures = PictureFiles(database)  # which has the file as long as it is there itself
    path = Path(pictures.here_sync(image).path)
    return path.read_bytes() if path.exists() else None


async def test_a_picture_in_the_store_is_there_for_every_machine_as_long_as_it_is_needed(
    database: Database, store_url: str
) -> None:
    files = StoredFiles(database, HandClock(NOON))
    version = files.write("otalk/sleep", ILLUSTRATED, expected="", by=BY, pictures={"map.png": PIXEL})
    first = shown(files)
    assert first.alt == "A mind map"
    with closing(Database(store_url)) as other:
        assert bytes_of(other, first) == PIXEL
        pictures = PictureFiles(other)
        here = await pictures.here(first)
        assert pictures.of_chat(chats(files).chats[0]).questions[0].image == here
        assert await pictures.here(here) == here
    plan(database, first)
    version = files.write("otalk/sleep", ILLUSTRATED, expected=version, by=BY, pictures={"map.png": OTHER})
    assert [bytes_of(database, one) for one in (first, shown(files))] == [PIXEL, OTHER], "a post has the one before"
    changed = shown(files)
    files.write("otalk/rest", ILLUSTRATED, expected="", by=BY)
    assert shown(files, "otalk/rest") == changed, "the chats of a series share them"
    with pytest.raises(ChatFileError, match="Another chat"):
        files.write("otalk/rest", ILLUSTRATED, expected="1", by=BY, pictures={"map.png": PIXEL + PIXEL})
    assert text_of(files, "otalk/rest", "2") is None, "then nothing has changed"
    files.write("otalk/sleep", None, expected=version, by=BY)
    assert bytes_of(database, changed) == OTHER, "the other chat needs it"
    files.write("otalk/rest", None, expected="1", by=BY)
    assert [bytes_of(database, one) for one in (first, changed)] == [PIXEL, None]


def test_a_chat_without_its_picture_is_a_mistake_and_pictures_are_bounded(database: Database) -> None:
    files = StoredFiles(database, HandClock(NOON))
    files.write("otalk/sleep", ILLUSTRATED, expected="", by=BY)
    with capture_logs() as logs:
        assert chats(files).invalid == frozenset({"otalk/sleep"})
    assert any("there is no such file beside the chat file" in one["message"] for one in logs if "message" in one)
    for pictures in ({f"{n}.png": PIXEL for n in range(31)}, {"map.png": b"x" * 5_000_001}):
        with pytest.raises(ChatFileError):
            files.write("otalk/sleep", ILLUSTRATED, expected="1", by=BY, pictures=pictures)
    assert list(files.pictures("otalk/sleep")) == []


def plan(database: Database, image: Image) -> None:
    """Plan a post with a picture."""
    post = Post(chat="otalk/sleep", key="q1", place="x", kind="question", text="Q1", nonce="n", due=NOON, image=image)
    database.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=NOON)])


async def test_a_change_in_the_store_is_noticed_by_every_process(
    database: Database, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_files, "_LOOK", 0.05)
    changed = asyncio.Event()
    with closing(Database(store_url)) as other:
        files = StoredFiles(other, HandClock(NOON))
        version = await asyncio.to_thread(files.write, "otalk/sleep", TEXT, expected="", by=BY)
        watching = asyncio.create_task(stored_files.watch(database, changed.set))
        async with asyncio.timeout(60):
            await changed.wait()  # it may have come after the files were read, and before the first look
            changed.clear()
            await asyncio.to_thread(files.write, "otalk/sleep", TEXT, expected=version, by=BY)
            await changed.wait()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
