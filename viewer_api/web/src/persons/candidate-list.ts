import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Candidate } from '../api/persons-types.ts';
import { t, word } from '../i18n/index.ts';
import { hasRole } from '../session.ts';
import { badgeStyles } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { patientFacts } from './patient-facts.ts';

/** Pairs that may be one person, side by side, with the reasons. Fires `compare` and `different` with a pair. */
@customElement('candidate-list')
export class CandidateList extends AppElement {
  @property({ attribute: false }) pairs: readonly Candidate[] = [];

  static override styles = [
    base,
    controls,
    badgeStyles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto;
        gap: 6px 16px;
        padding: 10px 16px;
        border-top: 1px solid var(--line);
      }
      small {
        display: block;
        color: var(--muted);
      }
      .why {
        grid-column: 1 / 3;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      .against {
        border-color: var(--late);
        color: var(--late);
      }
      .acts {
        grid-row: 1 / 3;
        grid-column: 3;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<ul>
      ${this.pairs.map((pair) => this.#pair(pair))}
    </ul>`;
  }

  #pair(pair: Candidate): TemplateResult {
    return html`<li data-testid="candidate" data-id=${pair.id} data-state=${pair.state}>
      <div>${patientFacts(pair.first)}</div>
      <div>${patientFacts(pair.second)}</div>
      <div class="why">
        ${pair.reasons.map(
          (reason) =>
            html`<span class="badge ${reason.startsWith('other_') ? 'against' : ''}">${word('match', reason)}</span>`,
        )}
        ${pair.score > 0 ? html`<small class="num">${t('patients.score', { n: pair.score })}</small>` : nothing}
        ${this.#proposal(pair)}
      </div>
      <div class="acts">
        <button class="small" data-testid="candidate-compare" @click=${() => this.tell('compare', pair)}>
          ${t('patients.compare')}
        </button>
        ${hasRole('manager', 'admin')
          ? html`<button class="small quiet" data-testid="candidate-different" @click=${() => this.tell('different', pair)}>
              ${t('patients.different')}
            </button>`
          : nothing}
      </div>
    </li>`;
  }

  #proposal(pair: Candidate): TemplateResult | typeof nothing {
    if (pair.state !== 'proposed') return nothing;
    const words =
      pair.note === ''
        ? t('patients.proposed_by.plain', { by: pair.by })
        : t('patients.proposed_by', { by: pair.by, note: pair.note });
    return html`<small>${words}</small>`;
  }
}
