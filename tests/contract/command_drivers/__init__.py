"""Each platform as those who lead a chat, and everybody else, find it: how a command is given, and what is seen.

What is seen is the platform's own account: the room's pages, and the truth of the two simulators.
"""

from tests.contract.command_drivers.discord import DiscordCommands
from tests.contract.command_drivers.driver import HELPER, HOST, CommandDriver, SimulatedDriver
from tests.contract.command_drivers.pretend import PretendCommands
from tests.contract.command_drivers.room import RoomCommands
from tests.contract.command_drivers.x import XCommands

__all__ = [
    "HELPER",
    "HOST",
    "CommandDriver",
    "DiscordCommands",
    "PretendCommands",
    "RoomCommands",
    "SimulatedDriver",
    "XCommands",
]
