import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { inWords } from '../../i18n/errors.ts';
import { localName, t } from '../../i18n/index.ts';
import { links } from '../../router.ts';
import { hasRole } from '../../session.ts';
import { icon } from '../../ui/icons.ts';
import { notify } from '../../ui/notify.ts';
import { base, controls } from '../../ui/styles.ts';
import { DropMenu, dropMenuStyles } from '../drop-menu.ts';
import type { Director } from '../stage/director.ts';
import { HANG_ACTIONS } from '../viewer-keys.ts';
import { bodyPartOf, reasonsFor, type Exam } from './fitting.ts';
import { hangMenuStyles } from './hang-menu-styles.ts';
import type { NamedStep } from './protocols.ts';
import { reasonList } from './reason-list.ts';
import './reason-list.ts';

const MOVES: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End']);

/** Which rule hung the exam and why, and the others that one may hang it by. */
@customElement('hang-menu')
export class HangMenu extends DropMenu {
  @property({ attribute: false }) director!: Director;
  /** `null` for what the reader has arranged. */
  @property({ attribute: false }) hung: NamedStep | null = null;
  @property({ attribute: false }) steps: readonly NamedStep[] = [];
  /** Of rules that do not fit. */
  @property({ attribute: false }) others: readonly NamedStep[] = [];
  @state() private exam: Exam | null = null;

  static override styles = [base, controls, dropMenuStyles, hangMenuStyles];

  /** Opens it with the focus on what is hung. */
  show(): void {
    if (!this.open) void this.#toggle(true);
  }

  protected override isOwnKey(event: KeyboardEvent): boolean {
    return super.isOwnKey(event) || MOVES.has(event.key) || this.#numbered(event) !== null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('hung') || changed.has('steps')) void this.#look();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.steps.length + this.others.length === 0) return nothing;
    const name = this.hung === null ? t('hang.free') : stepName(this.hung);
    return html`<button
        class="face"
        title="${t('hang.by', { name })} · Shift+L"
        aria-label=${t('hang.by', { name })}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-keyshortcuts="Shift+L"
        data-testid="hang-step"
        @click=${(event: MouseEvent) => this.#toggle(event.detail === 0)}
      >
        ${icon('hanging')}<span class="truncate">${name}</span>${icon('down', 12)}
      </button>
      ${this.open ? this.#list() : nothing}`;
  }

  #list(): TemplateResult {
    return html`<div class="choices" data-testid="hang-list" @keydown=${this.#keydown}>
      ${this.#why()}
      <div role="menu" aria-label=${t('hang.menu')}>
        ${this.steps.map((step, at) => this.#step(step, at + 1))}
        <hr role="presentation" />
        ${HANG_ACTIONS.filter(({ value }) => value !== 'rules').map(
          ({ value, icon: sign, label, key }) =>
            html`<button role="menuitem" data-testid="hang-${value}" @click=${() => this.#do(() => (value === 'next' ? hangNext : hangAgain)(this.director))}>
              ${icon(sign)}<span>${t(label)}</span><kbd>${key.replace('+', ' ')}</kbd>
            </button>`,
        )}
        ${hasRole('radiologist', 'auditor') ? this.#own() : nothing}
        <a class="button" role="menuitem" href=${links.hanging(this.director.study.study_instance_uid)} target="_blank" data-testid="hang-edit" @click=${() => (this.open = false)}>
          ${icon('list')}<span>${t('hang.edit')}</span>
        </a>
        ${this.others.length === 0 ? nothing : html`<h3 role="presentation">${t('hang.others')}</h3>${this.others.map((step) => this.#step(step, 0))}`}
      </div>
    </div>`;
  }

  #why(): TemplateResult {
    if (this.hung === null) return html`<p class="why">${t('hang.free.why')}</p>`;
    const { rule } = this.hung;
    const reasons = this.exam === null ? nothing : reasonList(reasonsFor(rule.protocol.when, this.exam));
    return html`<div class="why" data-testid="hang-why">
      <b>${t('hang.by', { name: stepName(this.hung) })}</b> <small>${t(`hang.owner.${rule.owner}`)}</small>
      ${reasons}
    </div>`;
  }

  #step(step: NamedStep, number: number): TemplateResult {
    return html`<button
      role="menuitemradio"
      aria-checked=${step.key === this.hung?.key}
      class=${number === 0 ? 'other' : ''}
      data-testid="hang-choice"
      data-key=${step.key}
      @click=${() => this.#do(() => hangBy(this.director, step))}
    >
      <kbd>${number > 0 && number < 10 ? number : '·'}</kbd><span class="truncate">${stepName(step)}</span><small>${t(`hang.owner.${step.rule.owner}`)}</small>
    </button>`;
  }

  #own(): TemplateResult {
    const rule = this.hung?.rule;
    return html`<button role="menuitem" data-testid="hang-save" title=${t('hang.save.hint')} @click=${() => this.#do(() => this.#save())}>
        ${icon('check')}<span>${t('hang.save')}</span>
      </button>
      ${rule === undefined || rule.owner === 'county'
        ? nothing
        : html`<button role="menuitem" data-testid="hang-forget" title=${t('hang.forget.hint')} @click=${() => this.#do(() => this.director.forget(rule.protocol.key))}>
            ${icon('back')}<span>${t('hang.forget')}</span>
          </button>`}`;
  }

  async #save(): Promise<void> {
    const { study } = this.director;
    await this.director.save(`${study.modality} ${bodyPartOf(study)}`.trim());
    notify(t('hang.saved'), 'ok');
  }

  #do(work: () => Promise<void>): void {
    this.open = false;
    work().catch((error: unknown) => notify(inWords(error), 'danger'));
  }

  async #toggle(withFocus: boolean): Promise<void> {
    this.open = !this.open;
    if (!this.open) return;
    await this.#look();
    await this.updateComplete;
    if (withFocus) (this.renderRoot.querySelector<HTMLElement>('[aria-checked=true]') ?? this.#items[0])?.focus();
  }

  async #look(): Promise<void> {
    if (!this.open) return;
    const { director } = this;
    const exam = await director.exam();
    if (director === this.director) this.exam = exam;
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  }

  #numbered({ code, ctrlKey, altKey, metaKey, shiftKey }: KeyboardEvent): NamedStep | null {
    const digit = ctrlKey || altKey || metaKey || shiftKey ? undefined : /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
    return digit === undefined ? null : (this.steps[Number(digit) - 1] ?? null);
  }

  /** What moves in the menu does not move the images. */
  readonly #keydown = (event: KeyboardEvent): void => {
    const step = this.#numbered(event);
    if (step !== null) this.#do(() => hangBy(this.director, step));
    else if (MOVES.has(event.key)) this.#move(event.key);
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  };

  #move(key: string): void {
    const items = this.#items;
    const here = items.findIndex((item) => item.matches(':focus'));
    const to = { Home: 0, End: items.length - 1, ArrowDown: here + 1, ArrowUp: here - 1 }[key] ?? 0;
    items[(to + items.length) % items.length]?.focus();
  }
}

export type HangAction = 'rules' | 'next' | 'rehang';

export function isHangAction(action: string): action is HangAction {
  return HANG_ACTIONS.some(({ value }) => value === action);
}

/** What its keys do; nothing where there is no menu. */
export async function hangAction(action: HangAction, menu: HangMenu | null): Promise<void> {
  if (action === 'rules') menu?.show();
  else if (menu !== null) await (action === 'next' ? hangNext : hangAgain)(menu.director);
}

/** Hangs the next layout that fits, and says which. */
async function hangNext(director: Director): Promise<void> {
  if (director.next !== null) await hangBy(director, director.next);
}

/** Hangs once more what was hung last, as before the reader arranged things. */
async function hangAgain(director: Director): Promise<void> {
  if (director.last !== null) await hangBy(director, director.last);
}

async function hangBy(director: Director, step: NamedStep): Promise<void> {
  const unfit = await director.hang(step);
  if (unfit === null) notify(stepName(step));
  else notify(t(`mpr.unfit.${unfit}`), 'warn');
}

/** As people call it: the rule, which of its steps where it has several, and the layout. */
export function stepName({ rule: { protocol }, at, step }: NamedStep): string {
  const number = protocol.steps.length > 1 ? ` ${at + 1}/${protocol.steps.length}` : '';
  return `${localName(protocol.zh, protocol.en)}${number} · ${step.layout.replace('x', '×')}`;
}
