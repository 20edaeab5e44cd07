"""Signing, amending, withdrawing: every one makes a new version that never changes."""

from collections.abc import Mapping

from sqlalchemy import select

from reading_queue.critical import reports as critical_values
from reading_queue.quality import publishing as quality
from reading_queue.service.actors import Actor, ReportContent
from reading_queue.service.drafts import draft_of, store_draft
from reading_queue.service.reopening import read_again
from reading_queue.service.stepping import Allowed, allow, allow_once, audit
from reading_queue.service.versions import Issue, issue_version, last_version, report_of_task
from reading_queue.service.weighing import differing, weighed
from storage.db.models import ReadingTask, ReportVersion, User
from storage.db.session import UnitOfWork
from storage.domain.errors import Forbidden, Invalid, NotAllowedFromState, NotFound, StaleLease
from storage.domain.reading import Action, ReportKind, TaskState

_LATER_KINDS = (ReportKind.AMENDED, ReportKind.ADDENDUM)


def sign(
    work: UnitOfWork,
    task_id: int,
    actor: Actor,
    lease_token: str,
    content: ReportContent | None = None,
    *,
    override: str = "",
) -> ReportVersion:
    """Issue the report: what is given, or the draft. The auditor signs another's draft; a reader where one signature will do.

    `override` is why it is signed although the writing rules would stop it.

    The same again under the same lease gives the version that there is.
    """
    allowed = allow_once(work, task_id, actor, Action.SIGN, token=lease_token)
    if allowed is None:
        return _signed(work, task_id, content)
    words = content or _saved(allowed)
    words.require_complete()
    checked = quality.require_publishable(work, allowed.task, words, override)
    if content is not None:
        store_draft(work, allowed.task, actor, content)
    signer = _person(work, actor.user_id)
    alone = allowed.step.source == TaskState.READING
    author = signer if alone else _person(work, allowed.task.author_id)
    besides = weighed(work, allowed.task, words)
    allowed.take(
        {**_flags(words), **checked, **{name: besides[name] for name in ("preliminary",) if name in besides}},
        author_id=author.id,
        signer_id=signer.id,
        signed_at=work.now,
        drafted_at=allowed.task.drafted_at or work.now,
    )
    return _issue(allowed, Issue(words, ReportKind.FINAL, "", author, signer, besides))


def amend(
    work: UnitOfWork,
    task_id: int,
    actor: Actor,
    content: ReportContent,
    reason: str,
    kind: ReportKind = ReportKind.AMENDED,
    *,
    override: str = "",
) -> ReportVersion:
    """Issue a new version that replaces the last one (amended) or adds to it (addendum); the clinic has to fetch it again."""
    allowed = allow(work, task_id, actor, Action.AMEND, reason=reason)
    if kind not in _LATER_KINDS:
        raise Invalid("A later version is either amended or an addendum.")
    content.require_complete()
    previous = _issued(allowed)
    if previous.kind == ReportKind.WITHDRAWN and kind == ReportKind.ADDENDUM:
        raise Invalid("A withdrawn report cannot be added to; issue an amended one.")
    signer = _person(work, actor.user_id)
    checked = quality.require_publishable(work, allowed.task, content, override)
    allowed.take({"kind": kind, **_flags(content), **checked}, signer_id=signer.id)
    return _issue(allowed, Issue(content, kind, allowed.reason, _person(work, previous.author_id), signer))


def withdraw(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> ReportVersion:
    """Take the report back: a last version says so, with the reason; the words of the one before stay in the archive."""
    allowed = allow(work, task_id, actor, Action.WITHDRAW, reason=reason)
    previous = _issued(allowed)
    if previous.kind == ReportKind.WITHDRAWN:
        raise NotAllowedFromState("The report has been withdrawn already.")
    signer = _person(work, actor.user_id)
    allowed.take({"kind": ReportKind.WITHDRAWN})
    nothing = ReportContent("", "")
    return _issue(
        allowed, Issue(nothing, ReportKind.WITHDRAWN, allowed.reason, _person(work, previous.author_id), signer)
    )


def reread(work: UnitOfWork, task_id: int, actor: Actor, reason: str) -> ReadingTask:
    """After a withdrawal: have the study read anew. The new task names the old one. Raises unless the report is withdrawn."""
    allowed = allow(work, task_id, actor, Action.REREAD, reason=reason)
    if _issued(allowed).kind != ReportKind.WITHDRAWN:
        raise NotAllowedFromState("Only a study whose report has been withdrawn is read anew.")
    task = read_again(work, allowed.task.study, "withdrawn")
    allowed.take({"task": task.id})
    audit(work, actor, Action.REREAD, allowed.task, next_task=task.id)
    return task


def _issue(allowed: Allowed, issue: Issue) -> ReportVersion:
    version = issue_version(allowed.work, allowed.task, issue)
    if issue.kind != ReportKind.WITHDRAWN:
        critical_values.issued(allowed.work, allowed.task, allowed.actor, issue.content.critical)
    detail = {"version": version.version, "kind": version.kind, "sha256": version.sha256}
    audit(allowed.work, allowed.actor, allowed.step.action, allowed.task, **detail)
    return version


def _saved(allowed: Allowed) -> ReportContent:
    draft = draft_of(allowed.work, allowed.task.id)
    if draft is None:
        raise Invalid("There is nothing to sign yet: the report is empty.")
    return ReportContent.of(draft)


def _issued(allowed: Allowed) -> ReportVersion:
    return _newest(allowed.work, allowed.task.id)


def _signed(work: UnitOfWork, task_id: int, content: ReportContent | None) -> ReportVersion:
    """The version that the same signature made; other words are not the same."""
    version = _newest(work, task_id)
    if content is not None and differing(version.content, content):
        raise StaleLease("The report has been signed with other words; nothing was changed.")
    return version


def _newest(work: UnitOfWork, task_id: int) -> ReportVersion:
    report = report_of_task(work, task_id)
    if report is None:
        raise NotFound("There is no such report.")
    return last_version(work, report.id)


def _person(work: UnitOfWork, user_id: int | None) -> User:
    user = work.session.execute(select(User).where(User.id == user_id)).scalar_one_or_none()
    if user is None:
        raise Forbidden("Only a person can sign.")
    return user


def _flags(content: ReportContent) -> Mapping[str, object]:
    return {"critical": True} if content.critical.strip() else {}
