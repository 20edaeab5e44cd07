"""The chapter ASSIGNMENT of the rulebook."""

from reading_queue.assignment.rules import SHIPPED, parse
from reading_queue.rulebook import Chapter
from storage.domain.rulebook import RuleKind

ASSIGNMENT = Chapter(RuleKind.ASSIGNMENT, SHIPPED, parse)
