"""Each platform as those who lead a chat, and everybody else, find it: how a command is given, and what is seen.

What is seen is the platform's own account: the room's pages, and the truth of the two simulators.
"""

from tests.contract.stages.discord import DiscordStage
from tests.contract.stages.room import RoomStage
from tests.contract.stages.stage import HELPER, HOST, Simulated, Stage
from tests.contract.stages.x import XStage

__all__ = ["HELPER", "HOST", "DiscordStage", "RoomStage", "Simulated", "Stage", "XStage"]
