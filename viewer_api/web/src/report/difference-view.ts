import { css, html, type TemplateResult } from 'lit';

import type { ReportContent } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { wordDifference } from '../templates/difference.ts';

/** To be put into the styles of whoever shows differences. */
export const differenceStyles = css`
  del {
    background: var(--late-soft);
    color: var(--late);
  }
  ins {
    background: var(--ok-soft);
    color: var(--ok);
    text-decoration: underline;
  }
`;

/** A text with what has gone struck out and what has come underlined. */
export function changedText(before: string, now: string): TemplateResult[] {
  return wordDifference(before, now).map(({ text, kind }) => {
    if (kind === 'same') return html`<span>${text}</span>`;
    return kind === 'only_before'
      ? html`<del title=${t('prior.only_before')}>${text}</del>`
      : html`<ins title=${t('prior.only_now')}>${text}</ins>`;
  });
}

type Words = Pick<ReportContent, 'findings' | 'impression' | 'critical'>;

/** What one version says otherwise than the one before it. */
export function changedReport(before: Words, now: Words): TemplateResult {
  const parts = (['critical', 'impression', 'findings'] as const).filter((part) => before[part] !== now[part]);
  if (parts.length === 0) return html`<p class="muted">${t('changes.none')}</p>`;
  return html`${parts.map(
    (part) =>
      html`<p data-testid="changed-${part}" style="white-space:pre-wrap"><b>${t(`report.${part}`)}</b> ${changedText(before[part], now[part])}</p>`,
  )}`;
}
