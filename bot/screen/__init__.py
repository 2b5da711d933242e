"""What people see in the terminal: a rehearsal as it goes, and how things stand. Decides and writes nothing."""

from bot.screen.lines import plain, verdict
from bot.screen.playing import show
from bot.screen.standing import concerns_data, places, places_data, standing, standing_data

__all__ = ["concerns_data", "places", "places_data", "plain", "show", "standing", "standing_data", "verdict"]
