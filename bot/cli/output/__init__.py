"""What people see in the terminal: a rehearsal as it goes, and how things stand. Decides and writes nothing."""

from bot.cli.output.rehearsal import show
from bot.cli.output.text import plain, verdict
from bot.cli.status import concerns_data, places, places_data, standing, standing_data

__all__ = ["concerns_data", "places", "places_data", "plain", "show", "standing", "standing_data", "verdict"]
