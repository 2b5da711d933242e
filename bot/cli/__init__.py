"""The command line: verbs, their output and exit codes. 0 done, 1 the input has mistakes, 2 it could not run.

A verb reads its arguments, calls another package for the work, and prints the result. It does no work itself.
"""

import gc

gc.set_threshold(100_000, 50, 100)  # before the imports: looking for garbage among them takes a seventh of their time

from bot.cli.main import main  # noqa: E402 -- see above

__all__ = ["main"]
