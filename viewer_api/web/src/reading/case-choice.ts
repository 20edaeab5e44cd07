import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { ApiError } from '../api/problem.ts';
import type { Choice } from '../api/types.ts';
import { language, t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';

/** Why the server gave this case to its reader; or, when it was refused, which case is to be taken before it. */
@customElement('case-choice')
export class CaseChoice extends AppElement {
  @property({ attribute: false }) choice: Choice | null = null;
  @property({ attribute: false }) refusal: unknown = null;

  static override styles = [
    base,
    surfaces,
    css`
      :host {
        display: block;
        padding: 0 16px;
        font-size: 13px;
      }
      summary {
        padding: 6px 0;
        color: var(--muted);
        cursor: pointer;
      }
      ul {
        max-height: 30vh;
        margin: 0;
        padding: 0 0 8px 18px;
        overflow: auto;
        list-style: disc;
      }
      small {
        color: var(--muted);
      }
      a {
        display: inline-block;
        margin: 8px 0;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`${this.#instead()}${this.#why()}`;
  }

  #instead(): TemplateResult | typeof nothing {
    const instead = this.refusal instanceof ApiError ? this.refusal.takeInstead : null;
    if (instead === null) return nothing;
    return html`<a href=${links.read(instead)} data-testid="take-instead">${t('assign.take_instead')}</a>`;
  }

  #why(): TemplateResult | typeof nothing {
    if (this.choice === null) return nothing;
    const { at, reader } = this.choice;
    return html`<details data-testid="case-choice">
      <summary>${t('assign.why')}</summary>
      <ul>
        ${this.choice[language.value].map((sentence) => html`<li>${sentence}</li>`)}
      </ul>
      <small class="num">${t('assign.why.reader', { name: reader, at: fullMoment(at) })}</small>
    </details>`;
  }
}
