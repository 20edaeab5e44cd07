import { html, nothing, type TemplateResult } from 'lit';

import type { Consultation } from '../api/consult-types.ts';
import type { Draft, TaskDetail } from '../api/types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { changedReport } from '../report/difference-view.ts';
import { currentUser } from '../session.ts';
import { now } from '../ui/clock.ts';
import { icon } from '../ui/icons.ts';
import { contentOf, type ReadingCase } from './reading-case.ts';

type Part = TemplateResult | typeof nothing;

/** What stands beside the words: a contradiction to the order, whose words they are, what hospitals and other readers said. */
export function courseNotes(current: ReadingCase, task: TaskDetail): Part {
  return html`${mismatch(task)} ${preliminary(task)}
  ${task.independent ? html`<p class="notice info"><span>${t('read.independent')}</span></p>` : nothing}
  ${(task.consultations ?? []).map(consultation)} ${othersWords(current, task)}
  ${words(current, 'read.readings', task.readings ?? [], t('read.readings.use'))}
  ${words(current, 'read.drafts_before', task.drafts_before ?? [], t('read.drafts_before.use'))}`;
}

export function mismatch({ mismatch: parts }: Pick<TaskDetail, 'mismatch'>): Part {
  if (!parts?.length) return nothing;
  return html`<p class="notice danger" role="alert" data-testid="mismatch">
    ${icon('warning')}<span>${t('read.mismatch', { parts: mismatchWords(parts) })}</span>
  </p>`;
}

export function mismatchWords(parts: readonly string[]): string {
  return parts.map((part) => word('mismatch', part)).join('、');
}

function preliminary({ preliminary_at: at }: TaskDetail): Part {
  if (!at) return nothing;
  return html`<p class="notice warn" data-testid="preliminary-sent">
    <span>${t('report.preliminary.sent', { at: moment(at, now.value) })}</span>
  </p>`;
}

function consultation(one: Consultation): Part {
  const hospital = localName(one.hospital_name, one.hospital_name_en);
  if (one.state === 'answered') {
    return html`<p class="notice info" data-testid="opinion">
      <span>${t('read.opinion', { hospital, name: one.consultant ?? '', text: one.opinion })}</span>
    </p>`;
  }
  if (one.state === 'declined' || one.state === 'expired') {
    return html`<p class="notice warn"><span>${t(`read.consult.${one.state}`, { hospital })}</span></p>`;
  }
  if (one.state === 'recalled') return nothing;
  const at = moment(one.asked_at, now.value);
  return html`<p class="notice info"><span>${t('read.consult.asked', { hospital, at, text: one.question })}</span></p>`;
}

/** The draft that was found is another's, until it has been changed. */
function othersWords({ draft, isAudit }: ReadingCase, { draft: found }: TaskDetail): Part {
  if (!found || isAudit || draft?.touched || found.saved_by === currentUser()?.username) return nothing;
  return html`<p class="notice info" data-testid="draft-of">
    <span>${t('read.draft.of', { name: found.saved_by_name, at: moment(found.saved_at, now.value) })}</span>
  </p>`;
}

function words(
  current: ReadingCase,
  title: 'read.readings' | 'read.drafts_before',
  drafts: readonly Draft[],
  use: string,
): Part {
  if (drafts.length === 0) return nothing;
  return html`<details class="notice">
    <summary>${t(title, { n: drafts.length })}</summary>
    ${drafts.map(
      (one) =>
        html`<p style="white-space:pre-wrap">
          <b>${one.saved_by_name}</b> <small class="muted num">${moment(one.saved_at, now.value)}</small>
          ${current.draft === null
            ? nothing
            : html`<button class="small quiet" @click=${() => current.draft?.edit(contentOf(one))}>${use}</button>`}
          <br />${one.impression}<br /><small>${one.findings}</small>
        </p>
        ${current.draft === null
          ? nothing
          : html`<details>
              <summary>${t('report.changes')}</summary>
              ${changedReport(one, current.draft.content)}
            </details>`}`,
    )}
  </details>`;
}
