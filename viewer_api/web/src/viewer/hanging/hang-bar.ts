import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { inWords } from '../../i18n/errors.ts';
import { language, t } from '../../i18n/index.ts';
import { AppElement } from '../../ui/element.ts';
import { notify } from '../../ui/notify.ts';
import { base, controls } from '../../ui/styles.ts';
import type { Director } from '../stage/director.ts';
import type { NamedStep } from './protocols.ts';

/** The layouts that fit the exam, and keeping one's own. */
@customElement('hang-bar')
export class HangBar extends AppElement {
  @property({ attribute: false }) director!: Director;
  @property({ attribute: false }) steps: readonly NamedStep[] = [];
  /** The step that is hung; -1 for what the reader has arranged. */
  @property({ type: Number }) current = -1;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-flex;
        gap: 4px;
        align-items: center;
      }
      select {
        max-width: 132px;
        min-height: 28px;
        font-size: 13px;
      }
      button {
        border-color: transparent;
        background: transparent;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.steps.length === 0) return nothing;
    const own = this.steps[this.current]?.own ?? null;
    return html`<select
        data-testid="hang-step"
        aria-label=${t('hang.protocol')}
        title=${t('hang.protocol')}
        @change=${(event: Event) => this.#do(() => hangBy(this.director, Number((event.target as HTMLSelectElement).value)))}
      >
        ${this.current < 0 ? html`<option value="-1" selected>${t('hang.free')}</option>` : nothing}
        ${this.steps.map(
          (step, index) =>
            html`<option value=${index} ?selected=${index === this.current}>${stepName(step)} · ${step.step.layout.replace('x', '×')}</option>`,
        )}
      </select>
      ${own === null
        ? html`<button class="small" data-testid="hang-save" title=${t('hang.save.hint')} @click=${() => this.#do(() => this.#save())}>${t('hang.save')}</button>`
        : html`<button class="small" data-testid="hang-forget" title=${t('hang.forget.hint')} @click=${() => this.#do(() => this.director.forget(own))}>
            ${t('hang.forget')}
          </button>`}`;
  }

  async #save(): Promise<void> {
    await this.director.save();
    notify(t('hang.saved'), 'ok');
  }

  #do(work: () => Promise<void>): void {
    work().catch((error: unknown) => notify(inWords(error), 'danger'));
  }
}

/** Hangs the next layout that fits, and says which. */
export function hangNext(director: Director): Promise<void> {
  return hangBy(director, (director.step.value + 1) % Math.max(1, director.steps.value.length));
}

async function hangBy(director: Director, index: number): Promise<void> {
  const unfit = await director.hang(index);
  const step = director.steps.value[index];
  if (unfit !== null) notify(t(`mpr.unfit.${unfit}`), 'warn');
  else if (step !== undefined) notify(`${stepName(step)} · ${step.step.layout.replace('x', '×')}`);
}

/** As people call it. */
function stepName({ zh, en, own }: NamedStep): string {
  if (own !== null) return t('hang.mine');
  return language.value === 'zh' ? zh : en;
}
