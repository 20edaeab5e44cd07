"""Rules for writing reports: pure functions of the words, the exam and the county's lists. They read no database and no clock."""

from reading_queue.report_rules.check import check_report
from reading_queue.report_rules.difference import Kept, Piece, difference, suggested
from reading_queue.report_rules.lexicon import Lexicon, parse_lexicon
from reading_queue.report_rules.report import Exam, Fault, Rule, Severity, WrittenReport

__all__ = [
    "Exam",
    "Fault",
    "Kept",
    "Lexicon",
    "Piece",
    "Rule",
    "Severity",
    "WrittenReport",
    "check_report",
    "difference",
    "parse_lexicon",
    "suggested",
]
