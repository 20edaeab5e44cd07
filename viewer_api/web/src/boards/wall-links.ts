import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { showSecret } from '../account/show-secret.ts';
import type { WallLine } from '../api/boards-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { boards } from '../session.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** Links by which screens on walls show the county's figures: made, shown once, revoked. */
@customElement('wall-links')
export class WallLinks extends AppElement {
  @state() private items: readonly WallLine[] = [];

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      header p {
        flex: 1;
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<section class="card">
      <header>
        <h2>${t('walls.title')}</h2>
        <p>${t('walls.text')}</p>
        <button class="primary" data-testid="wall-make" @click=${this.#make}>${t('walls.make')}</button>
      </header>
      ${this.items.length === 0 ? html`<p class="none">${t('walls.none')}</p>` : this.#table()}
    </section>`;
  }

  #table(): TemplateResult {
    return html`<table data-testid="walls">
      <thead>
        <tr><th>${t('walls.name')}</th><th>${t('walls.made')}</th><th>${t('walls.until')}</th><th>${t('walls.seen')}</th><th></th></tr>
      </thead>
      <tbody>
        ${this.items.map(
          (one) => html`<tr data-wall=${one.id}>
            <td>${one.name}</td>
            <td>${fullMoment(one.created_at)} <span class="muted">${one.created_by}</span></td>
            <td>${one.live ? fullMoment(one.expires_at) : t('walls.ended')}</td>
            <td>${one.last_seen_at === null ? '–' : html`${fullMoment(one.last_seen_at)} <span class="muted">${one.last_seen_address}</span>`}</td>
            <td class="right">${one.live ? html`<button class="small danger" data-testid="wall-revoke" @click=${() => this.#revoke(one)}>${t('walls.revoke')}</button>` : nothing}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  async #load(): Promise<void> {
    try {
      this.items = (await boards.walls()).items;
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  #make = async (): Promise<void> => {
    const answers = await ask({
      title: t('walls.make'),
      text: t('walls.make.text'),
      fields: [{ name: 'name', label: t('walls.name'), kind: 'text', required: true }],
    });
    if (answers === null) return;
    try {
      const { path } = await boards.makeWall(answers['name'] ?? '');
      await showSecret(t('walls.shown'), t('walls.shown.text'), location.origin + path);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  };

  async #revoke(one: WallLine): Promise<void> {
    if (!(await confirmed({ title: t('walls.revoke.title', { name: one.name }), ok: t('walls.revoke'), danger: true }))) return;
    try {
      await boards.revokeWall(one.id);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }
}
