import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Fault } from '../api/quality-types.ts';
import type { ReportContent } from '../api/types.ts';
import { openCases } from '../critical/watch.ts';
import { localName, t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { quality } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base } from '../ui/styles.ts';

const TYPING_MS = 600;
const LONGEST_MS = 3000;

/** Where a fault lies, in the counting of text fields (UTF-16 units). */
export function placeOf(text: string, { start, end }: Pick<Fault, 'start' | 'end'>): [number, number] {
  const points = [...text];
  const units = (count: number): number => points.slice(0, count).join('').length;
  return [units(start), units(end)];
}

/** What was found, and the words that it was found in. */
export interface CheckedText {
  faults: readonly Fault[];
  content: ReportContent;
}

/** What the writing rules find while somebody types. Fires `faults-change`, and `pick-fault` when one is clicked. */
@customElement('report-faults')
export class ReportFaults extends AppElement {
  @property({ type: Number }) task = 0;
  @property({ attribute: false }) content!: ReportContent;
  @state() private faults: readonly Fault[] | null = null;
  #stop = (): void => undefined;
  readonly #soon = debounce(() => void this.#check(), TYPING_MS, LONGEST_MS);

  static override styles = [
    base,
    css`
      :host {
        flex: none;
      }
      .head {
        color: var(--muted);
        font-size: 12.5px;
      }
      ul {
        max-height: 96px;
        overflow: auto;
      }
      button {
        display: flex;
        gap: 6px;
        align-items: baseline;
        width: 100%;
        padding: 3px 0;
        border: 0;
        background: none;
        color: var(--text);
        font: inherit;
        font-size: 13px;
        text-align: left;
        cursor: pointer;
      }
      button:hover span {
        text-decoration: underline;
      }
      svg {
        flex: none;
        align-self: center;
      }
      .blocks {
        color: var(--danger);
      }
      .warns svg {
        color: var(--soon);
      }
    `,
  ];

  /** A critical value that was raised beside the report is one that the report need not tell. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = openCases.subscribe(this.#soon);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#soon.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('task')) this.#found(null, this.content);
    if (changed.has('task') || (changed.has('content') && !isSame(this.content, changed.get('content')))) this.#soon();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.faults === null) return nothing;
    if (this.faults.length === 0) {
      return html`<span class="head" data-testid="check-fine">${t('check.title')}: ${t('check.fine')}</span>`;
    }
    return html`<ul data-testid="check-faults" aria-label=${t('check.title')}>
      ${this.faults.map((fault) => this.#fault(fault))}
    </ul>`;
  }

  #fault(fault: Fault): TemplateResult {
    return html`<li>
      <button
        class=${fault.severity}
        data-testid="check-fault"
        data-code=${fault.code}
        title=${t(`check.${fault.severity}`)}
        @click=${() => this.tell('pick-fault', fault)}
      >
        ${icon('warning', 14)}<span>${localName(fault.zh, fault.en)}</span>
      </button>
    </li>`;
  }

  async #check(): Promise<void> {
    const { task, content } = this;
    if (content.findings.trim() === '' && content.impression.trim() === '') {
      this.#found(null, content);
      return;
    }
    const checked = await quality.check(task, content).catch(() => null);
    // What is missing is said by the form when the report is sent; while typing it would only be in the way.
    if (checked !== null && task === this.task) this.#found(checked.faults.filter(({ code }) => code !== 'empty'), content);
  }

  #found(faults: readonly Fault[] | null, content: ReportContent): void {
    this.faults = faults;
    this.tell<CheckedText | null>('faults-change', faults === null ? null : { faults, content });
  }
}

function isSame(now: ReportContent, before: unknown): boolean {
  const old = before as ReportContent | undefined;
  return (
    old?.findings === now.findings &&
    old.impression === now.impression &&
    old.positive === now.positive &&
    old.critical === now.critical
  );
}
