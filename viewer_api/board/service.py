"""The board as the interface tells it."""

from datetime import timedelta
from typing import Any

from reading_queue.boards.board import Board, CriticalClock, Late, Reader, spent_on
from storage.db.models import Device, WallLink
from storage.db.queries import board as rows
from storage.db.queries.board import InHand
from storage.db.queries.critical import CaseFilter, list_cases
from storage.db.queries.tasks import TaskFilter, list_tasks
from storage.db.session import UnitOfWork
from storage.domain.critical import CaseState
from viewer_api.auth.service import Caller
from viewer_api.board.schemas import (
    BacklogLine,
    BoardOut,
    BreachLine,
    ClassLine,
    CriticalClockOut,
    InHandOut,
    LostOut,
    ReaderLine,
    SilentOut,
    WallLine,
    WallOut,
)
from viewer_api.critical.service import cases_out
from viewer_api.masking import name_shown
from viewer_api.worklist.service import task_lines

_MOST_BREACHES = 50


def wall_out(board: Board) -> WallOut:
    """What may stand on a wall."""
    return WallOut(**_figures(board))


def board_out(work: UnitOfWork, board: Board, caller: Caller, limit: int) -> BoardOut:
    """The same, and what the manager acts on."""
    page = list_tasks(work, TaskFilter(), limit)
    cases = list_cases(work, CaseFilter(is_open=True)).items
    return BoardOut(
        **_figures(board),
        tasks=task_lines(work, page.items, caller),
        more_tasks=page.next is not None,
        critical_cases=cases_out(work, cases, caller),
    )


def wall_line(link: WallLink, work: UnitOfWork) -> WallLine:
    """A link as the list shows it."""
    same = ("id", "name", "created_at", "expires_at", "revoked_at", "last_seen_at", "last_seen_address")
    values = {name: getattr(link, name) for name in same}
    return WallLine(**values, created_by=link.created_by.display_name, live=rows.is_live(link, work.now))


def _figures(board: Board) -> dict[str, Any]:
    return {
        "at": board.at,
        "seconds": board.rules.wall_seconds,
        "steps": list(board.steps),
        "classes": [
            ClassLine(priority=priority, open=sum(steps.values()), steps=dict(steps))
            for priority, steps in board.classes.items()
        ],
        "backlog": [BacklogLine(modality=name, **vars(line)) for name, line in board.backlog.items()],
        "readers": [_reader(one) for one in board.readers],
        "breaches": [_breach(one) for one in board.late[:_MOST_BREACHES]],
        "lost": LostOut(**{part.value: _seconds(spent) for part, spent in board.lost.items()}),
        "silent_hours": board.rules.silent_hours,
        "silent": [_silent(device) for device in board.silent],
        "critical": [_clock(one, board) for one in board.critical],
    }


def _reader(one: Reader) -> ReaderLine:
    duty, today = one.duty, one.today
    return ReaderLine(
        username=one.user.username if name_shown(one.user.display_name) == one.user.display_name else "",
        name=name_shown(one.user.display_name),
        on_duty=duty is not None and not duty.on_call,
        on_call=duty is not None and duty.on_call,
        shift=duty.shift if duty else "",
        until=duty.until if duty else None,
        in_hand=[_in_hand(case) for case in one.in_hand],
        kept=one.kept,
        cases_today=today.cases if today else 0,
        rvu_today=today.read_rvu + today.audit_rvu if today else 0.0,
    )


def _in_hand(case: InHand) -> InHandOut:
    return InHandOut(**{name: value for name, value in vars(case).items() if name != "reader_id"})


def _breach(one: Late) -> BreachLine:
    spent = spent_on(one.parts) if one.parts else {}
    parts = {part: _seconds(time) for part, time in spent.items()}
    return BreachLine(**vars(one.breach), longest=one.longest, parts=parts)


def _silent(device: Device) -> SilentOut:
    place = device.institution
    return SilentOut(
        ae_title=device.ae_title,
        name=device.name,
        modality=device.modality,
        institution=place.code,
        institution_name=place.name,
        institution_name_en=place.name_en,
        last_seen_at=device.last_seen_at,
    )


def _clock(one: CriticalClock, board: Board) -> CriticalClockOut:
    values = {name: value for name, value in vars(one).items() if name not in ("case_id", "state")}
    overdue = one.due_at is not None and one.due_at < board.at
    return CriticalClockOut(**values, id=one.case_id, state=CaseState(one.state), overdue=overdue)


def _seconds(spent: timedelta) -> float:
    return round(spent.total_seconds(), 1)
