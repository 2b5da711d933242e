"""The front door: the verbs, what they print, and how they end. 0 done, 1 the input has mistakes, 2 it could not run.

Each verb reads what it is given, lets a room do the work, and says what came of it. The work itself is not here.
"""

from bot.cli import guard, links, live_commands, rehearse, report, run
from bot.cli.main import main

main.gather("Before", rehearse.check, rehearse.rehearse, rehearse.doctor)
main.gather("During", run.run, run.status, links.link)
for title, verbs in live_commands.verbs(besides=main.commands).items():
    main.gather(title, *verbs)
main.gather("After", report.report, report.export, report.import_, report.replay)
main.gather("Aside", guard.guard)
main.also(live_commands.SHORT)

__all__ = ["main"]
