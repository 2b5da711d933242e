"""The front door: the verbs, what they print, and how they end. 0 done, 1 the input has mistakes, 2 it could not run.

Each verb reads what it is given, lets a room do the work, and says what came of it. The work itself is not here.
"""

from bot.cli import after, aside, before, during, leading, live
from bot.cli.front import main

main.gather("Before", before.check, before.rehearse, before.doctor)
main.gather("During", during.run, during.status, leading.link)
for title, verbs in live.verbs(besides=main.commands).items():
    main.gather(title, *verbs)
main.gather("After", after.report, after.export, after.import_, after.replay)
main.gather("Aside", aside.guard)
main.also(live.SHORT)

__all__ = ["main"]
