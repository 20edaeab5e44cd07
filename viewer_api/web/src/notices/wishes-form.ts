import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { WishesKept } from '../api/notices-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { noticesApi } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const CHANNELS = ['email', 'sms'] as const;

/** Kinds of notices by their first word, as people switch them off; what is urgent comes all the same. */
const GROUPS = ['task', 'case', 'consultation', 'critical', 'retake', 'result', 'quality', 'study', 'roster', 'hook', 'notice'] as const;

/** Where a person is reached outside the application, and when not. */
@customElement('wishes-form')
export class WishesForm extends AppElement {
  @state() private wishes: WishesKept | null = null;
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      form {
        display: grid;
        gap: 12px;
        padding: 14px 16px;
      }
      label {
        display: grid;
        gap: 4px;
      }
      label.tick,
      .row {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      input[type='checkbox'] {
        min-height: 0;
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        gap: 6px 12px;
        margin: 0;
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void noticesApi
      .wishes()
      .then((wishes) => (this.wishes = wishes))
      .catch((error: unknown) => notify(inWords(error), 'danger'));
  }

  override render(): TemplateResult | typeof nothing {
    const wishes = this.wishes;
    if (wishes === null) return nothing;
    const quiet = wishes.quiet_hours;
    return html`<section class="card">
      <header><h2>${t('wishes.title')}</h2></header>
      <form data-testid="wishes" @submit=${this.#save}>
        <small>${t('wishes.text')}</small>
        <label>${t('wishes.email')}<input name="email" type="email" autocomplete="email" .value=${wishes.email} /></label>
        <label>${t('wishes.mobile')}<input name="mobile" type="tel" autocomplete="tel" .value=${wishes.mobile} /></label>
        ${CHANNELS.map(
          (channel) =>
            html`<label class="tick">
              <input type="checkbox" name="by-${channel}" .checked=${!wishes.off.includes(channel)} />${t(`wishes.by.${channel}`)}
              ${wishes.channels.includes(channel) ? nothing : html`<small>${t('wishes.not_here')}</small>`}
            </label>`,
        )}
        <label class="tick">
          <input type="checkbox" name="quiet" .checked=${quiet !== null} @change=${this.#toggleQuiet} />${t('wishes.quiet')}
        </label>
        ${quiet === null
          ? html`<small>${t('wishes.quiet.county')}</small>`
          : html`<span class="row">
              <input name="begins" type="time" required aria-label=${t('wishes.quiet.begins')} .value=${quiet.begins} /> –
              <input name="ends" type="time" required aria-label=${t('wishes.quiet.ends')} .value=${quiet.ends} />
            </span>`}
        <fieldset>
          <legend>${t('wishes.kinds')}</legend>
          ${GROUPS.map(
            (group) =>
              html`<label class="tick">
                <input type="checkbox" name="kind-${group}" data-testid="wish-${group}" .checked=${!wishes.muted.includes(`${group}.*`)} />
                ${t(`wishes.kind.${group}`)}
              </label>`,
          )}
        </fieldset>
        <span><button class="primary" data-testid="wishes-save" ?disabled=${this.busy}>${t('wishes.save')}</button></span>
      </form>
    </section>`;
  }

  #toggleQuiet = (event: Event): void => {
    const on = (event.target as HTMLInputElement).checked;
    this.wishes = { ...this.wishes!, quiet_hours: on ? { begins: '22:00', ends: '07:00' } : null };
  };

  #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const given = (name: string): string => String(form.get(name) ?? '').trim();
    this.busy = true;
    try {
      this.wishes = await noticesApi.keepWishes({
        email: given('email'),
        mobile: given('mobile'),
        off: CHANNELS.filter((channel) => !form.has(`by-${channel}`)),
        muted: mutedOf(this.wishes?.muted ?? [], (group) => !form.has(`kind-${group}`)),
        quiet_hours: form.has('quiet') ? { begins: given('begins'), ends: given('ends') } : null,
      });
      notify(t('wishes.saved'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  };
}

/** The groups that are off, and what is muted besides, which no box shows. */
function mutedOf(before: readonly string[], isOff: (group: string) => boolean): string[] {
  const shown = new Set(GROUPS.map((group) => `${group}.*`));
  return [...GROUPS.filter(isOff).map((group) => `${group}.*`), ...before.filter((pattern) => !shown.has(pattern as never))];
}

/** The name of a channel. */
export function channelName(channel: string): string {
  return word('channel', channel);
}
