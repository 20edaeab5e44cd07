import { css, html, type TemplateResult } from 'lit';

import type { Priority, StudyState } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';

/** Small marks that several pages use; put `badgeStyles` into the element's styles. */
export const badgeStyles = css`
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    padding: 1px 8px;
    border: 1px solid var(--line-strong);
    border-radius: 999px;
    color: var(--muted);
    font-size: 12.5px;
    line-height: 1.5;
    white-space: nowrap;
  }
  .badge.p0 {
    border-color: var(--danger);
    background: var(--danger);
    color: var(--surface);
    font-weight: 600;
  }
  .badge.p1 {
    border-color: var(--late);
    background: var(--late-soft);
    color: var(--late);
    font-weight: 600;
  }
  .badge.modality {
    border-radius: 4px;
    border-color: var(--line-strong);
    background: var(--raised);
    color: var(--text);
    font-weight: 600;
  }
  .state-mark {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
  }
  .state-mark::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--faint);
  }
  .state-mark.queued::before,
  .state-mark.assigned::before {
    background: none;
    box-shadow: inset 0 0 0 2px var(--accent);
  }
  .state-mark.reading::before,
  .state-mark.auditing::before,
  .state-mark.consult::before {
    background: var(--accent);
  }
  .state-mark.drafted::before {
    background: linear-gradient(90deg, var(--accent) 50%, transparent 50%);
    box-shadow: inset 0 0 0 2px var(--accent);
  }
  .state-mark.rework::before,
  .state-mark.retake_wait::before,
  .state-mark.info_wait::before,
  .state-mark.recon_hold::before {
    background: var(--late);
    border-radius: 2px;
  }
  .state-mark.signed::before,
  .state-mark.delivered::before,
  .state-mark.closed::before,
  .state-mark.read::before {
    background: var(--ok);
  }
`;

export function priorityBadge(priority: Priority | null): TemplateResult | string {
  if (priority === null) return '';
  return html`<span class="badge ${priority.toLowerCase()}" title=${priority}>${t(`priority.${priority}`)}</span>`;
}

export function modalityBadge(modality: string): TemplateResult {
  return html`<span class="badge modality">${word('modality', modality)}</span>`;
}

export function stateMark(state: StudyState, prefix: 'state' | 'clinic_state' = 'state'): TemplateResult {
  return html`<span class="state-mark ${state}">${word(prefix, state)}</span>`;
}
