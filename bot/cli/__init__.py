"""The command line: verbs, their output and exit codes. 0 done, 1 the input has mistakes, 2 it could not run.

A verb reads its arguments, calls another room for the work, and prints the result. It does no work itself.
"""

from bot.cli.main import main

__all__ = ["main"]
