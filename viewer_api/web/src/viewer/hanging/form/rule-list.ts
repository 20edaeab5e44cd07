import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import { localName, t } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { icon } from '../../../ui/icons.ts';
import { base, controls } from '../../../ui/styles.ts';
import { fits } from '../fitting.ts';
import type { Condition } from '../hanging-api.ts';
import type { Rule } from '../protocols.ts';
import { NO_FAULTS, type Faults } from './faults.ts';
import { ruleListStyles } from './rule-list-styles.ts';
import { hungBy, type Tried } from './trying.ts';

/** A rule goes before another one, or to the end with `before` empty. */
export interface RuleMove {
  key: string;
  /** Among the rules that may be moved, from 0. */
  to: number;
}

/** Rules in the order in which they are asked. Fires `pick-rule` with a key, and `move-rule`. */
@customElement('hang-rule-list')
export class HangRuleList extends AppElement {
  @property({ attribute: false }) rules: readonly Rule[] = [];
  /** Of whom rules are moved; they stand together. */
  @property() movable: Rule['owner'] = 'own';
  @property() selected = '';
  @property({ attribute: false }) tried: Tried | null = null;
  @property({ attribute: false }) faults: Faults = NO_FAULTS;
  @state() private dragged = '';
  @state() private over = '';
  @state() private said = '';
  #focused = '';

  static override styles = [base, controls, ruleListStyles];

  protected override updated(): void {
    if (this.#focused === '') return;
    this.renderRoot.querySelector<HTMLElement>(`[data-key="${this.#focused}"] button`)?.focus();
    this.#focused = '';
  }

  override render(): TemplateResult {
    const hung = this.tried === null ? null : hungBy(this.rules, this.tried);
    return html`<ol aria-label=${t('hangrule.list')}>
        ${repeat(this.rules, ({ protocol }) => protocol.key, (rule, at) => this.#item(rule, at, rule.protocol.key === hung?.rule.protocol.key))}
      </ol>
      <p class="sr-only" role="status">${this.said}</p>`;
  }

  #item(rule: Rule, at: number, isHung: boolean): TemplateResult {
    const { key, zh, en, when } = rule.protocol;
    const isMovable = rule.owner === this.movable;
    const before = this.rules[at - 1];
    const isWrong = [...this.faults.keys()].some((path) => path.startsWith(`${key}/`));
    return html`${before !== undefined && before.owner === 'own' && rule.owner !== 'own' ? html`<li class="heading">${t('hangrule.of_county')}</li>` : nothing}
      <li
        data-testid="rule"
        data-key=${key}
        data-owner=${rule.owner}
        class="${this.over === key ? 'over' : ''} ${this.dragged === key ? 'dragged' : ''}"
        draggable=${isMovable}
        @dragstart=${(event: DragEvent) => this.#drag(event, key)}
        @dragend=${() => (this.dragged = this.over = '')}
        @dragover=${(event: DragEvent) => this.#hover(event, rule)}
        @drop=${(event: DragEvent) => this.#drop(event, key)}
      >
        <button
          aria-current=${key === this.selected}
          aria-keyshortcuts=${isMovable ? 'Alt+ArrowUp Alt+ArrowDown' : nothing}
          title=${isMovable ? t('hangrule.move.hint') : nothing}
          @click=${() => this.tell('pick-rule', key)}
          @keydown=${(event: KeyboardEvent) => this.#keydown(event, rule, at)}
        >
          <span class="num" aria-hidden="true">${isMovable ? '⋮⋮' : ''} ${at + 1}</span>
          <span class="name">
            <b>${localName(zh, en) || t('hangrule.nameless')}</b>
            <small>${conditionWords(when) || t('hangrule.every')}</small>
          </span>
          ${isWrong ? html`<span class="badge wrong">${t('hangrule.wrong')}</span>` : nothing}
          ${rule.owner === 'instead' ? html`<span class="badge" title=${t('hang.owner.instead')}>${t('hang.owner.own')}</span>` : nothing}
          ${this.#verdict(rule, isHung)}
        </button>
      </li>`;
  }

  #verdict({ protocol }: Rule, isHung: boolean): TemplateResult | typeof nothing {
    if (this.tried === null) return nothing;
    const does = fits(protocol.when, this.tried);
    const words = t(isHung ? 'hangrule.verdict.hangs' : does ? 'hangrule.verdict.fits' : 'hangrule.verdict.not');
    return html`<span class="verdict ${isHung ? 'hangs' : does ? 'fits' : 'not'}" data-testid="verdict" data-fits=${does} data-hangs=${isHung}>
      ${icon(does ? 'check' : 'close', 14)}${words}
    </span>`;
  }

  get #movables(): readonly Rule[] {
    return this.rules.filter(({ owner }) => owner === this.movable);
  }

  #move(key: string, to: number): void {
    const rules = this.#movables;
    if (to < 0 || to >= rules.length) return;
    const moving = rules.find(({ protocol }) => protocol.key === key);
    this.said = t('hangrule.moved', { name: localName(moving?.protocol.zh ?? '', moving?.protocol.en ?? ''), place: to + 1 });
    this.tell<RuleMove>('move-rule', { key, to });
  }

  #keydown(event: KeyboardEvent, { protocol, owner }: Rule, at: number): void {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!event.altKey) {
      this.#focused = this.rules[at + by]?.protocol.key ?? '';
      this.requestUpdate();
    } else if (owner === this.movable) {
      this.#focused = protocol.key;
      this.#move(protocol.key, this.#movables.findIndex((rule) => rule.protocol.key === protocol.key) + by);
    }
  }

  #drag(event: DragEvent, key: string): void {
    this.dragged = key;
    event.dataTransfer?.setData('text/plain', key);
    if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move';
  }

  #hover(event: DragEvent, { protocol, owner }: Rule): void {
    if (this.dragged === '' || owner !== this.movable) return;
    event.preventDefault();
    this.over = protocol.key;
  }

  #drop(event: DragEvent, key: string): void {
    event.preventDefault();
    const [from, to] = [this.dragged, key].map((one) => this.#movables.findIndex(({ protocol }) => protocol.key === one));
    if (from !== to && to !== undefined) this.#move(this.dragged, to);
    this.dragged = this.over = '';
  }
}

/** Which exams a rule is for, in short. */
export function conditionWords({ modalities, body_parts, words, views, laterality, least, most, prior }: Condition): string {
  const count = most === null ? (least > 0 ? `≥ ${least}` : '') : least > 0 ? `${least}–${most}` : `≤ ${most}`;
  const said = [
    modalities.join('/'),
    body_parts.join('/'),
    words.slice(0, 3).join('/') + (words.length > 3 ? '…' : ''),
    views.join('+'),
    laterality === '' ? '' : t(`hangrule.side.${laterality}`),
    count === '' ? '' : t('hangrule.count.short', { count }),
    prior === null ? '' : t(`hangrule.prior.${prior}`),
  ];
  return said.filter((one) => one !== '').join(' · ');
}
