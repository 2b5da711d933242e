"""Buttons on the pretend Discord: to be sure, and to take back. A press counts once."""

from __future__ import annotations

from typing import Any

from tests.adapters.discord.workbench import A, Core, Opened, answered, asked, truth, until
from tests.sims.simulator import Simulator


async def confirmed(sim: Simulator, core: Core, text: str = "end yes") -> dict[str, Any]:
    """The answer that asks once more."""
    core.confirms = {"end": text}
    return await asked(sim, command="chat", sub="end")


async def test_what_hurts_is_asked_once_more_and_done_on_yes(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    question = await confirmed(sim, core)
    assert question["ephemeral"]
    (row,) = question["data"]["components"]
    assert [one["label"] for one in row["components"]] == ["Yes, do it", "No"]
    answer = await asked(sim, 2, button="Yes, do it", on=question["message"])
    assert (answer["kind"], answer["content"], answer["data"]["components"]) == (7, "Answer to end yes.", [])
    assert (answer["message"], answer["ephemeral"]) == (question["message"], True)
    assert core.said == ["end", "end yes"]
    assert core.commands[1].id == answer["id"] != question["id"]
    assert truth(sim) == []


async def test_what_was_done_can_be_taken_back_below_its_answer(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    core.undoes = {"skip q3 yes": "undo 17"}
    core.confirms = {"end": "skip q3 yes"}
    question = await asked(sim, command="chat", sub="end")
    done = await asked(sim, 2, button="Yes, do it", on=question["message"])
    (row,) = done["data"]["components"]
    assert [one["label"] for one in row["components"]] == ["Undo"]
    answer = await asked(sim, 3, button="Undo", on=question["message"])
    assert (answer["content"], answer["data"]["components"]) == ("Answer to undo 17.", [])
    assert core.said == ["end", "skip q3 yes", "undo 17"]


async def test_no_leaves_everything_as_it_is(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    question = await confirmed(sim, core)
    answer = await asked(sim, 2, button="No", on=question["message"])
    assert (answer["content"], answer["data"]["components"]) == ("Nothing was changed.", [])
    assert core.said == ["end"]


async def test_a_double_press_is_done_once_and_answered_twice(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    question = await confirmed(sim, core)
    core.open.clear()
    for button in ("Yes, do it", "Yes, do it", "No"):
        sim.tell("interact", by=A, button=button, on=question["message"])
    await until(lambda: len(core.commands) == 2)
    core.open.set()
    answers = await answered(sim, 4)
    assert {one["content"] for one in answers[1:]} == {"Answer to end yes."}
    assert core.said == ["end", "end yes"]


async def test_a_button_works_after_a_restart(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    question = await confirmed(sim, core)
    await made.close()
    await opened(sim)
    answer = await asked(sim, 2, button="Yes, do it", on=question["message"])
    assert answer["content"] == "Answer to end yes."


async def test_a_button_that_could_not_carry_its_words_says_so_after_a_restart(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    long = "end " + "x" * 200
    made = await opened(sim)
    question = await confirmed(sim, core, long)
    again = await asked(sim, 2, command="chat", sub="end")
    assert (await asked(sim, 3, button="Yes, do it", on=again["message"]))["content"] == f"Answer to {long}."
    await made.close()
    await opened(sim)
    answer = await asked(sim, 4, button="Yes, do it", on=question["message"])
    assert "too old" in answer["content"]
    assert core.said == ["end", "end", long]
