import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import { t } from '../i18n/index.ts';
import { AppElement } from './element.ts';
import { icon, type IconName } from './icons.ts';
import { dismiss, notices, type NoticeKind } from './notify.ts';
import { base, controls } from './styles.ts';

const ICONS: Readonly<Record<NoticeKind, IconName>> = { info: 'info', ok: 'check', warn: 'warning', danger: 'warning' };

/** Short messages at the lower edge, between the corners where images carry their labels. */
@customElement('notice-stack')
export class NoticeStack extends AppElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        position: fixed;
        left: 50%;
        bottom: 18px;
        transform: translateX(-50%);
        z-index: 50;
        display: grid;
        gap: 8px;
        max-width: min(440px, calc(100vw - 32px));
      }
      .notice {
        align-items: center;
        box-shadow: var(--shadow);
        background: var(--surface);
        border: 1px solid var(--line);
        border-left-width: 3px;
      }
      .notice span {
        flex: 1;
      }
      .ok svg:first-child {
        color: var(--ok);
      }
      .warn svg:first-child {
        color: var(--soon);
      }
      .danger svg:first-child {
        color: var(--danger);
      }
      button {
        min-height: 26px;
        width: 26px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(notices);
  }

  override render(): TemplateResult {
    return html`<div role="status" aria-live="polite" style="display:contents">
      ${repeat(
        notices.value,
        ({ id }) => id,
        ({ id, text, kind }) =>
          html`<div class="notice ${kind}">
            ${icon(ICONS[kind])}<span>${text}</span>
            <button class="quiet icon" aria-label=${t('app.close')} @click=${() => dismiss(id)}>${icon('close', 14)}</button>
          </div>`,
      )}
    </div>`;
  }
}
