import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Share } from '../api/account-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { accounts } from '../session.ts';
import { now } from '../ui/clock.ts';
import type { Answers } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { fillIn } from '../ui/fill-in.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { showSecret } from './show-secret.ts';

/** Makes links to a study for somebody outside, and ends them. */
@customElement('share-button')
export class ShareButton extends AppElement {
  @property() uid = '';
  @state() private shares: readonly Share[] = [];

  static override styles = [base, controls];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const mine = this.shares.filter((one) => one.live && one.study_instance_uid === this.uid);
    return html`<button class="small" data-testid="share" @click=${() => void this.#share()}>${t('share.button')}</button>
      ${mine.length === 0
        ? nothing
        : html`<ul aria-label=${t('share.list')}>
            ${mine.map(
              (one) => html`<li data-testid="share-line">
                <span class="muted">${one.purpose} ${t('share.used', { n: one.uses, at: moment(one.expires_at, now.value) })}</span>
                <button class="small quiet" @click=${() => void this.#revoke(one)}>${t('share.revoke')}</button>
              </li>`,
            )}
          </ul>`}`;
  }

  async #load(): Promise<void> {
    this.shares = await accounts.shares().then(
      ({ items }) => items,
      () => [],
    );
  }

  async #share(): Promise<void> {
    let path = '';
    const fields = [
      { name: 'hours', label: t('share.hours'), kind: 'text', required: true, value: '72' },
      { name: 'passcode', label: t('share.passcode'), kind: 'text' },
      { name: 'purpose', label: t('share.purpose'), kind: 'text' },
    ] as const;
    const send = async (answers: Answers): Promise<void> => {
      const { hours, passcode = '', purpose = '' } = answers;
      path = (await accounts.share(this.uid, { hours: Number(hours), passcode, purpose })).path;
    };
    const title = `${t('share.title')} — ${t('share.text')}`;
    if (!(await fillIn({ title, fields, ok: t('share.button'), faults: () => '' }, send))) return;
    await this.#load();
    await showSecret(t('share.made'), t('share.text'), `${location.origin}${path}`);
  }

  async #revoke(one: Share): Promise<void> {
    try {
      await accounts.revokeShare(one.id);
      notify(t('share.revoked'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }
}
