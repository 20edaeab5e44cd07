import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { DeadLetter } from '../api/notices-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { noticesApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** Tasks of the workers that failed for good; nothing is shown while there is none. */
@customElement('dead-letter-list')
export class DeadLetterList extends AppElement {
  /** How many there are by the last look; a change makes it look again. */
  @property({ type: Number }) count = 0;
  @state() private letters: readonly DeadLetter[] = [];

  static override styles = [base, controls, surfaces, tableStyles];

  constructor() {
    super();
    this.watch(now);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('count')) void this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.letters.length === 0) return nothing;
    const heads = ['task', 'error', 'attempts', 'last'] as const;
    return html`<section class="card" data-testid="dead-letters">
      <header><h2>${t('letters.title')}</h2></header>
      <table>
        <thead>
          <tr>${heads.map((head) => html`<th scope="col">${t(`letters.${head}`)}</th>`)}<th></th></tr>
        </thead>
        <tbody>
          ${this.letters.map((letter) => this.#row(letter))}
        </tbody>
      </table>
    </section>`;
  }

  #row(letter: DeadLetter): TemplateResult {
    return html`<tr data-testid="dead-letter">
      <td>${word('letters.task', letter.task)}<small class="num">${letter.args.join(', ')}</small></td>
      <td>${word('letters.error', letter.error)}</td>
      <td class="num">${Math.max(letter.attempts, letter.deaths)}</td>
      <td class="num">${moment(letter.last_at, now.value)}</td>
      <td class="right">
        <button class="small" data-testid="letter-redrive" @click=${() => void this.#decide(letter, 'redrive')}>${t('letters.redrive')}</button>
        <button class="small quiet" data-testid="letter-dismiss" @click=${() => void this.#decide(letter, 'dismiss')}>${t('letters.dismiss')}</button>
      </td>
    </tr>`;
  }

  async #load(): Promise<void> {
    try {
      this.letters = (await noticesApi.deadLetters()).items;
    } catch {
      // The page above says that the server does not answer.
    }
  }

  async #decide(letter: DeadLetter, how: 'redrive' | 'dismiss'): Promise<void> {
    try {
      await noticesApi.decideLetter(letter.id, how);
      notify(t(`letters.${how}.done`), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }
}
