import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { icon } from '../../ui/icons.ts';
import { base, controls } from '../../ui/styles.ts';
import { DropMenu, dropMenuStyles } from '../drop-menu.ts';
import { cellsOf, LAYOUT_NAMES, LAYOUTS, type LayoutName } from './layouts.ts';

/** How many images stand beside each other. Fires `pick-layout`. */
@customElement('layout-menu')
export class LayoutMenu extends DropMenu {
  @property() layout: LayoutName = '1x1';

  static override styles = [
    base,
    controls,
    dropMenuStyles,
    css`
      .choices {
        min-width: 170px;
      }
      span.cells,
      .choices .cells {
        display: grid;
        flex: none;
        gap: 1px;
        width: 18px;
        height: 16px;
      }
      .cells i {
        border: 1px solid currentcolor;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<button
        class="face"
        title=${t('stage.layouts')}
        aria-label="${t('stage.layouts')}: ${words(this.layout)}"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        data-testid="layout-menu"
        @click=${() => (this.open = !this.open)}
      >
        ${cells(this.layout)}${icon('down', 12)}
      </button>
      ${this.open ? this.#list() : nothing}`;
  }

  #list(): TemplateResult {
    return html`<div class="choices" role="menu" aria-label=${t('stage.layouts')}>
      ${LAYOUT_NAMES.map(
        (name, index) =>
          html`<button
            role="menuitemradio"
            aria-checked=${this.layout === name}
            aria-keyshortcuts="Shift+${index + 1}"
            data-testid="layout-${name}"
            @click=${() => this.#pick(name)}
          >
            ${cells(name)}<span>${words(name)}</span><kbd>Shift ${index + 1}</kbd>
          </button>`,
      )}
    </div>`;
  }

  #pick(name: LayoutName): void {
    this.open = false;
    this.tell('pick-layout', name);
  }
}

function words(name: LayoutName): string {
  const [rows, columns] = LAYOUTS[name];
  return t('stage.layout', { rows, columns });
}

function cells(name: LayoutName): TemplateResult {
  const [rows, columns] = LAYOUTS[name];
  return html`<span class="cells" aria-hidden="true" style="grid-template: repeat(${rows}, 1fr) / repeat(${columns}, 1fr)"
    >${Array.from({ length: cellsOf(name) }, () => html`<i></i>`)}</span
  >`;
}
