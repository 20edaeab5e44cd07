import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { icon } from '../../ui/icons.ts';
import { base, controls } from '../../ui/styles.ts';
import { DropMenu, dropMenuStyles } from '../drop-menu.ts';
import type { EntryName } from '../idle-entries.ts';
import type { ToolName } from '../stack-view.ts';
import { MORE_TOOLS } from '../viewer-keys.ts';

/** The measuring tools that are not always in sight. Fires `pick-tool`. */
@customElement('measure-menu')
export class MeasureMenu extends DropMenu {
  @property() tool: ToolName = 'window';
  @property({ attribute: false }) idle: ReadonlySet<EntryName> = new Set();

  static override styles = [
    base,
    controls,
    dropMenuStyles,
    css`
      .choices {
        min-width: 250px;
      }
    `,
  ];

  override render(): TemplateResult {
    const used = MORE_TOOLS.find(({ value }) => value === this.tool);
    return html`<button
        class="face"
        title=${t('measure.menu')}
        aria-label=${t('measure.menu')}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-pressed=${used !== undefined}
        ?disabled=${MORE_TOOLS.every(({ value }) => this.idle.has(value))}
        data-testid="measure-menu"
        @click=${() => (this.open = !this.open)}
      >
        ${icon(used?.icon ?? 'angle')}${icon('down', 12)}
      </button>
      ${this.open ? this.#list() : nothing}`;
  }

  #list(): TemplateResult {
    return html`<div class="choices" role="menu" aria-label=${t('measure.menu')}>
      ${MORE_TOOLS.map(
        ({ value, icon: sign, label, key }) =>
          html`<button
            role="menuitemradio"
            aria-checked=${this.tool === value}
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
}
