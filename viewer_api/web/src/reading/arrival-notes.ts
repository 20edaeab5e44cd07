import { html, nothing, type TemplateResult } from 'lit';

import { reportPdf } from '../api/client.ts';
import type { ExamRequest, TaskBefore, TaskDetail } from '../api/types.ts';
import { doubt } from '../clinic/expected.ts';
import { t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { icon } from '../ui/icons.ts';
import type { ReadingCase } from './reading-case.ts';

type Part = TemplateResult | typeof nothing;

/** What the reader must know first: why it was asked for, that images are missing, came late or are coming, why there is a second case. */
export function arrivalNotes(current: ReadingCase, task: TaskDetail): TemplateResult {
  return html`${request(task.request)} ${before(task.before)} ${incomplete(task)} ${late(current, task)} ${arriving(task)}`;
}

function request(asked: ExamRequest | null | undefined): Part {
  if (asked === null || asked === undefined) return nothing;
  const lines = (['clinical_information', 'diagnosis', 'procedure'] as const)
    .filter((name) => asked[name] !== '')
    .map((name) => `${t(`read.request.${name}`)}: ${asked[name]}`);
  const who = [asked.referring_department, asked.referring_doctor].filter((part) => part !== '').join(' ');
  if (who !== '') lines.push(`${t('read.request.by')}: ${who}`);
  if (lines.length === 0) return nothing;
  return html`<div class="notice info request" data-testid="request">
    <span>${lines.map((line, place) => html`${place === 0 ? nothing : html`<br />`}${line}`)}</span>
  </div>`;
}

function before(last: TaskBefore | null | undefined): Part {
  if (last === null || last === undefined) return nothing;
  return html`<div class="notice info" data-testid="task-before">
    <span>${t(`read.before.${last.because}`, { count: last.images })}</span>
    ${last.report_id === null
      ? nothing
      : html`<a href=${reportPdf(last.report_id)} target="_blank" rel="noopener">${t('read.before.report')}</a>`}
  </div>`;
}

function incomplete(task: TaskDetail): Part {
  const words = doubt(task);
  if (words === '') return nothing;
  return html`<p class="notice warn" data-testid="may-be-incomplete">
    ${icon('warning')}<span>${t('read.incomplete', { doubt: words })}</span>
  </p>`;
}

function late(current: ReadingCase, task: TaskDetail): Part {
  if (!task.late_images || !task.late_images_since) return nothing;
  const at = moment(task.late_images_since, now.value);
  return html`<div class="notice warn" role="status" data-testid="late-images">
    ${icon('warning')}<span>${t('read.late_images', { count: task.late_images, at })}</span>
    <button class="small quiet" @click=${() => void current.loadStudy()}>${t('read.late_images.show')}</button>
  </div>`;
}

function arriving(task: TaskDetail): Part {
  return task.more_arriving ? html`<p class="notice info"><span>${t('read.arriving')}</span></p>` : nothing;
}
