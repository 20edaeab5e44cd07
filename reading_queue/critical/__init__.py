"""Critical values: a case with its own clock, from the suspicion to the closed loop; it never waits for the report.

- `transitions`: who may do what (a table; `docs/critical-values.md` shows it)
- `raising`: a suspicion or a discovery opens a case; `caring`: what people do with it
- `reports`: what a submitted or signed report does to the cases of its study
- `rules`, `lists`: the county's limits, posts and lists, as a chapter of its rulebook
- `chasing`: the sweep that tells the next one when nobody answers
- `indicators`: RQI-RCV-04 and US-CV-01
"""

import reading_queue.service  # noqa: F401 - before anything of this package: the two know each other, and it begins
