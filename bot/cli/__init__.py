"""The command line: verbs, their output and exit codes. 0 done, 1 the input has mistakes, 2 it could not run.

A verb reads its arguments, calls another room for the work, and prints the result. It does no work itself.
"""

from bot.cli import check, links, live_commands, rehearse, report, run, status
from bot.cli.main import main

main.add_section("Before", check.check, rehearse.rehearse, check.doctor)
main.add_section("During", run.run, status.status, links.link)
for title, verbs in live_commands.live_verbs(existing=main.commands).items():
    main.add_section(title, *verbs)
main.add_section("After", report.report, report.export, report.import_, report.replay)
main.add_section("Aside", check.guard)
main.add_short_forms(live_commands.SHORT_FORMS)

__all__ = ["main"]
