import { html, nothing, type TemplateResult } from 'lit';

import type { TaskDetail } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { changedReport } from '../report/difference-view.ts';
import { now } from '../ui/clock.ts';
import { icon } from '../ui/icons.ts';
import { sameContent } from './draft-keeper.ts';
import { courseNotes } from './course-notes.ts';
import { arrivalNotes } from './arrival-notes.ts';
import type { ReadingCase } from './reading-case.ts';

type Part = TemplateResult | typeof nothing;

/** What the writer must know before the first word: a lost lease, a copy on this PC, a rejection, an answer, the author. */
export function reportNotes(current: ReadingCase, task: TaskDetail, takeAgain: TemplateResult): TemplateResult {
  return html`<div class="notes">
    ${lost(current, takeAgain)} ${copyOnThisPc(current)} ${arrivalNotes(current, task)}
    ${courseNotes(current, task)} ${current.isAudit ? author(current, task) : rejection(task)} ${answer(task)}
  </div>`;
}

function lost(current: ReadingCase, takeAgain: TemplateResult): Part {
  if (current.lease?.state !== 'lost') return nothing;
  return html`<div class="notice danger" role="alert" data-testid="lease-lost">
    ${icon('warning')}<span>${t('read.lease.lost.text')}<br />${takeAgain}</span>
  </div>`;
}

function copyOnThisPc(current: ReadingCase): Part {
  if (current.copy === null) return nothing;
  return html`<div class="notice warn" data-testid="local-copy">
    <span
      >${t('report.local_copy', { at: moment(current.copy.at, now.value) })}
      <details data-testid="local-copy-changes">
        <summary>${t('report.local_copy.changes')}</summary>
        ${changedReport(current.draft?.content ?? current.original, current.copy.content)}
      </details></span
    >
    <button class="small" data-testid="local-copy-use" @click=${() => current.useCopy()}>${t('report.local_copy.use')}</button>
    <button class="small quiet" @click=${() => current.dropCopy()}>${t('report.local_copy.drop')}</button>
  </div>`;
}

function rejection(task: TaskDetail): Part {
  const rejected = task.events?.findLast(({ action }) => action === 'reject');
  if (rejected === undefined) return nothing;
  return html`<p class="notice warn"><span>${t('report.rejected', { reason: rejected.reason })}</span></p>`;
}

function answer(task: TaskDetail): Part {
  const words = task.questions?.findLast(({ kind }) => kind === 'answer' || kind === 'retaken');
  if (!words?.text) return nothing;
  return html`<p class="notice info"><span>${t('report.answer', { text: words.text })}</span></p>`;
}

function author({ draft, original }: ReadingCase, task: TaskDetail): TemplateResult {
  const changed = draft !== null && !sameContent(draft.content, original);
  return html`<p class="author">
    <span>${t('report.original', { name: task.author_name ?? task.author ?? '' })}</span>
    ${changed
      ? html`<span class="changed">${t('report.changed')}</span>
          <button class="small quiet" @click=${() => draft.edit(original)}>${t('report.restore')}</button>`
      : nothing}
  </p>`;
}
