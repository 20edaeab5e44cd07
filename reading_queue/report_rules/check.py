"""All rules on one report. Pure, and fast enough to run while somebody types."""

from collections.abc import Callable, Iterator

from reading_queue.report_rules.flags import critical_faults, flag_faults
from reading_queue.report_rules.found import Found
from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.measures import measure_faults
from reading_queue.report_rules.persons import age_faults, sex_faults
from reading_queue.report_rules.report import IMPRESSION, Exam, Fault, Severity, WrittenReport
from reading_queue.report_rules.sides import side_faults
from reading_queue.report_rules.wording import missing_faults, modality_faults, template_faults, typing_faults

_RULES: tuple[Callable[[WrittenReport, Exam, Lexicon], Iterator[Found]], ...] = (
    missing_faults,
    template_faults,
    side_faults,
    sex_faults,
    age_faults,
    flag_faults,
    critical_faults,
    measure_faults,
    modality_faults,
    typing_faults,
)


def check_report(report: WrittenReport, exam: Exam, lexicon: Lexicon) -> list[Fault]:
    """What does not fit: what blocks first, then in the order of the text. Each place is named once by a rule."""
    found = dict.fromkeys(one for rule in _RULES for one in rule(report, exam, lexicon))
    faults = [one.fault(lexicon) for one in found]
    shown = [fault for fault in faults if fault.severity is not Severity.OFF]
    return sorted(shown, key=_order)


def _order(fault: Fault) -> tuple[bool, bool, int]:
    return fault.severity is not Severity.BLOCKS, fault.field == IMPRESSION, fault.start
