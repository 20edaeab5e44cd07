import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { examName } from './exam-name.ts';
import { isNameless, nameExam } from './name-exam.ts';

interface Named {
  description: string;
  body_part: string;
}

/** What was examined; where the machine did not say, a button with which a person says it. */
@customElement('exam-words')
export class ExamWords extends AppElement {
  @property() uid = '';
  @property({ attribute: false }) exam: Named = { description: '', body_part: '' };
  @state() private named: (Named & { uid: string }) | null = null;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-width: 0;
      }
      button {
        min-height: 24px;
        padding: 0 8px;
        font-size: 12.5px;
      }
    `,
  ];

  override render(): TemplateResult {
    const exam = this.named?.uid === this.uid ? this.named : this.exam;
    const asks = isNameless(exam) && hasRole('clinic', 'radiologist', 'auditor', 'manager');
    return html`<span class="truncate" title=${examName(exam)}>${examName(exam)}</span>
      ${asks ? html`<button class="small" data-testid="name-exam" @click=${this.#fill}>${t('naming.fill')}</button>` : nothing}`;
  }

  #fill = async (event: Event): Promise<void> => {
    event.stopPropagation();
    const uid = this.uid;
    const named = await nameExam(uid);
    if (named !== null) this.named = { ...named, uid };
  };
}
