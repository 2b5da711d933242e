"""Whether a message counts: the rules, each one function with one name. Pure.

The rules are given a text and a small value that says how it was said. They look nothing up, keep nothing, and say
nothing about a person: what is held waits for a moderator, and the reason is forgotten once that has decided.
"""

from bot.listening.moderation.blocked import Blocked, load
from bot.listening.moderation.judgement import Judgement, Why
from bot.listening.moderation.policy import Policy, policy
from bot.listening.moderation.rules import judge, judge_again
from bot.listening.moderation.scene import Scene

__all__ = ["Blocked", "Judgement", "Policy", "Scene", "Why", "judge", "judge_again", "load", "policy"]
