"""What a rule hands back: the rule, the place, and the words for its sentence."""

from dataclasses import dataclass

from reading_queue.report_rules.lexicon import Lexicon
from reading_queue.report_rules.report import Fault, Field, Rule
from reading_queue.report_rules.sentences import SENTENCES

_LONGEST_QUOTE = 24


@dataclass(frozen=True)
class Found:
    """A place that a rule points at; `other` is what it does not fit, in Chinese and in English."""

    rule: Rule
    field: Field
    start: int
    end: int
    word: str = ""
    other: tuple[str, str] = ("", "")

    def fault(self, lexicon: Lexicon) -> Fault:
        """The same with its sentences, as strict as the lexicon says."""
        quoted = self.word if len(self.word) <= _LONGEST_QUOTE else self.word[:_LONGEST_QUOTE] + "…"
        zh, en = SENTENCES[self.rule]
        return Fault(
            self.rule,
            lexicon.strictness(self.rule),
            self.field,
            self.start,
            self.end,
            zh.format(word=quoted, other=self.other[0]),
            en.format(word=quoted, other=self.other[1]),
        )
