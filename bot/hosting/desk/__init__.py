"""The desk: commands are brought here from every place, carried out once, and answered."""

from bot.hosting.desk.desk import Desk
from bot.hosting.desk.roster import Roster

__all__ = ["Desk", "Roster"]
