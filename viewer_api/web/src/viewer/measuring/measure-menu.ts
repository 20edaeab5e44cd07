import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { AppElement } from '../../ui/element.ts';
import { icon } from '../../ui/icons.ts';
import { base, controls } from '../../ui/styles.ts';
import type { ToolName } from '../stack-view.ts';
import { MORE_TOOLS } from '../viewer-keys.ts';

/** The measuring tools that are not always in sight. Fires `pick-tool`. */
@customElement('measure-menu')
export class MeasureMenu extends AppElement {
  @property() tool: ToolName = 'window';
  @state() private open = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
        display: inline-flex;
      }
      button {
        border-color: transparent;
        background: transparent;
        color: var(--muted);
      }
      button.face {
        gap: 0;
        width: 40px;
        padding: 0 2px;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }
      div {
        position: absolute;
        z-index: 20;
        top: 100%;
        left: 0;
        display: grid;
        min-width: 250px;
        padding: 4px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      div button {
        justify-content: flex-start;
        gap: 10px;
        color: var(--text);
      }
      span {
        flex: 1;
        text-align: left;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pointerdown', this.#elsewhere);
    addEventListener('keydown', this.#keydown, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.#elsewhere);
    removeEventListener('keydown', this.#keydown, { capture: true });
  }

  override render(): TemplateResult {
    const used = MORE_TOOLS.find(({ value }) => value === this.tool);
    return html`<button
        class="face"
        title=${t('measure.menu')}
        aria-label=${t('measure.menu')}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-pressed=${used !== undefined}
        data-testid="measure-menu"
        @click=${() => (this.open = !this.open)}
      >
        ${icon(used?.icon ?? 'angle')}${icon('down', 12)}
      </button>
      ${this.open ? this.#list() : nothing}`;
  }

  #list(): TemplateResult {
    return html`<div role="menu" aria-label=${t('measure.menu')}>
      ${MORE_TOOLS.map(
        ({ value, icon: sign, label, key }) =>
          html`<button
            role="menuitemradio"
            aria-checked=${this.tool === value}
            aria-pressed=${this.tool === value}
            aria-keyshortcuts=${key}
            data-testid="tool-${value}"
            @click=${() => this.#pick(value)}
          >
            ${icon(sign)}<span>${t(label)}</span><kbd>${key}</kbd>
          </button>`,
      )}
    </div>`;
  }

  #pick(tool: ToolName): void {
    this.open = false;
    this.tell('pick-tool', tool);
  }

  /** Closed by Escape, before the page takes that for leaving; a tool that is taken by its key closes it too. */
  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.open || ['Tab', 'Enter', ' ', 'Shift'].includes(event.key)) return;
    this.open = false;
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #elsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };
}
