import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base } from '../ui/styles.ts';
import type { ProgressStep } from './progress.ts';

@customElement('study-progress')
export class StudyProgress extends AppElement {
  @property({ attribute: false }) steps: readonly ProgressStep[] = [];

  static override styles = [
    base,
    css`
      ol {
        display: flex;
        gap: 4px;
      }
      li {
        position: relative;
        flex: 1;
        padding-top: 30px;
        color: var(--faint);
        text-align: center;
      }
      li::before {
        content: '';
        position: absolute;
        left: calc(-50% + 12px);
        right: calc(50% + 12px);
        top: 11px;
        height: 2px;
        background: var(--line-strong);
      }
      li:first-child::before {
        display: none;
      }
      .dot {
        position: absolute;
        left: calc(50% - 10px);
        top: 2px;
        display: grid;
        place-items: center;
        width: 20px;
        height: 20px;
        border: 2px solid var(--line-strong);
        border-radius: 50%;
        background: var(--surface);
      }
      .done,
      .now {
        color: var(--text);
      }
      .done::before,
      .now::before {
        background: var(--ok);
      }
      .done .dot {
        border-color: var(--ok);
        background: var(--ok);
        color: var(--surface);
      }
      .now .dot {
        border-color: var(--accent);
        box-shadow: 0 0 0 4px var(--accent-soft);
      }
      .now {
        font-weight: 600;
      }
      small {
        display: block;
        color: var(--muted);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 560px) {
        li {
          font-size: 12px;
        }
        small {
          font-size: 11px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<ol aria-label=${t('study.timeline')}>
      ${this.steps.map(
        ({ name, state, at }) =>
          html`<li class=${state} aria-current=${state === 'now' ? 'step' : nothing}>
            <span class="dot">${state === 'done' ? icon('check', 13) : nothing}</span>
            ${t(name)} ${at === null ? nothing : html`<small>${moment(at, now.value)}</small>`}
          </li>`,
      )}
    </ol>`;
  }
}
