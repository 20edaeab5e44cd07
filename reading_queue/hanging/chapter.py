"""The county's chapter HANGING: protocols as data, the first that fits an exam is the one it opens with.

The viewer chooses (viewer_api/web/src/viewer/hanging): it knows the series, their views, and which priors there are.
"""

from reading_queue.hanging.shipped import SHIPPED
from reading_queue.hanging.stored import StoredRules, read_stored, read_strictly
from reading_queue.rulebook import Chapter
from storage.domain.rulebook import RuleKind

HANGING: Chapter[StoredRules] = Chapter(RuleKind.HANGING, SHIPPED, read_strictly, reopen=read_stored)
