import { html, nothing, type TemplateResult } from 'lit';

import type { Action } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import type { ReadingCase } from './reading-case.ts';

export type Finish = 'submit' | 'sign' | 'amend';

/** What the buttons below a report do. */
export interface ReportSteps {
  finish(how: Finish, next: boolean): void;
  act(action: Action): void;
  preview(): void;
}

/** The ways out of a report that is written. */
export function reportFooter(current: ReadingCase, off: boolean, on: ReportSteps): TemplateResult {
  return current.isAudit || current.may('sign') ? signing(current, off, on) : submitting(current, off, on);
}

function submitting(current: ReadingCase, off: boolean, on: ReportSteps): TemplateResult {
  return html`<div class="main">
      <button class="primary" data-testid="report-submit-next" ?disabled=${off} @click=${() => on.finish('submit', true)}>
        ${t('report.submit_next')}<kbd>Ctrl ↵</kbd>
      </button>
      <button data-testid="report-submit" ?disabled=${off} @click=${() => on.finish('submit', false)}>
        ${t('report.submit')}
      </button>
    </div>
    ${minor(current, off, on)}`;
}

function signing(current: ReadingCase, off: boolean, on: ReportSteps): TemplateResult {
  return html`<div class="main">
      <button class="primary" data-testid="report-sign-next" ?disabled=${off} @click=${() => on.finish('sign', true)}>
        ${t('report.sign_next')}<kbd>Ctrl ↵</kbd>
      </button>
      <button data-testid="report-sign" ?disabled=${off} @click=${() => on.finish('sign', false)}>${t('report.sign')}</button>
      ${current.may('reject')
        ? html`<button class="danger" data-testid="report-reject" ?disabled=${off} @click=${() => on.act('reject')}>
            ${t('report.reject')}
          </button>`
        : nothing}
      ${current.may('submit')
        ? html`<button data-testid="report-submit" ?disabled=${off} @click=${() => on.finish('submit', false)}>
            ${t('report.submit')}
          </button>`
        : nothing}
    </div>
    ${minor(current, off, on)}`;
}

function minor(current: ReadingCase, off: boolean, on: ReportSteps): TemplateResult {
  const entries = (['preliminary', 'return', 'ask', 'consult', 'release'] as const).filter((action) => current.may(action));
  return html`<div class="more">
    <button class="quiet small" title="Alt V" data-testid="report-preview" @click=${() => on.preview()}>
      ${t('preview.open')}
    </button>
    ${entries.map(
      (action) =>
        html`<button class="quiet small" data-testid="report-${action}" ?disabled=${off} @click=${() => on.act(action)}>
          ${t(`report.${action}`)}
        </button>`,
    )}
  </div>`;
}
