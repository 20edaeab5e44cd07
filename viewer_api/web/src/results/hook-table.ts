import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { hasRole, resultsApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import type { Attempt, Hook, HookOrder } from './results-api.ts';

/** The systems that are called with results, and what each call came to. Fires `hooks-changed`. */
@customElement('hook-table')
export class HookTable extends AppElement {
  @property({ attribute: false }) hooks: readonly Hook[] = [];
  @state() private open = 0;
  @state() private log: readonly Attempt[] = [];

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      header h2 {
        flex: 1;
      }
      .lead {
        color: var(--muted);
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        justify-content: flex-end;
      }
      .bad {
        color: var(--danger);
      }
      .good {
        color: var(--ok);
      }
      .log td {
        padding: 3px 16px;
        border: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
    this.repeat(() => void this.#load(), 5000);
  }

  override render(): TemplateResult {
    return html`<section class="card" data-testid="hooks">
      <header>
        <h2>${t('hooks.title')}</h2>
        <button data-testid="hook-add" @click=${() => void this.#add()}>${t('hooks.add')}</button>
      </header>
      <p class="lead">${t('hooks.text')}</p>
      ${this.hooks.length === 0
        ? html`<p class="none">${t('hooks.none')}</p>`
        : html`<table>
            <tbody>
              ${this.hooks.map((hook) => this.#row(hook))}
            </tbody>
          </table>`}
    </section>`;
  }

  #row(hook: Hook): TemplateResult {
    const isOpen = this.open === hook.id;
    return html`<tr data-testid="hook" data-paused=${hook.paused}>
        <td>
          <b>${hook.name}</b>
          <small>${hasRole('clinic') ? nothing : `${localName(hook.institution_name, hook.institution_name_en)} · `}${hook.url}</small>
          <small class="num">${hook.key_id}${hook.old_key_id === '' ? '' : ` + ${hook.old_key_id}`} ${hook.wanted.join(' ')}</small>
        </td>
        <td>
          ${standing(hook)}
          <small class="num">${t('hooks.delivered', { n: hook.delivered_seq })}</small>
          ${hook.next_try_at === null ? nothing : html`<small class="num">${t('hooks.next', { at: moment(hook.next_try_at, now.value) })}</small>`}
        </td>
        <td><div class="acts">${this.#acts(hook, isOpen)}</div></td>
      </tr>
      ${isOpen ? html`<tr class="log"><td colspan="3">${this.#log()}</td></tr>` : nothing}`;
  }

  #acts(hook: Hook, isOpen: boolean): TemplateResult {
    return html`<button class="small" data-testid="hook-log" aria-expanded=${isOpen} @click=${() => this.#toggle(hook)}>${t('hooks.log')}</button>
      <button class="small" data-testid="hook-test" @click=${() => void this.#test(hook)}>${t('hooks.test')}</button>
      <button class="small" data-testid="hook-pause" @click=${() => void this.#doing(() => resultsApi.pauseHook(hook, !hook.paused))}>
        ${t(hook.paused ? 'hooks.resume' : 'hooks.pause')}
      </button>
      <button class="small" @click=${() => void this.#replay(hook)}>${t('hooks.replay')}</button>
      ${hook.old_key_id === ''
        ? html`<button class="small" @click=${() => void this.#changeKeys(hook)}>${t('hooks.keys')}</button>`
        : html`<button class="small" @click=${() => void this.#doing(() => resultsApi.retireKey(hook))}>${t('hooks.keys.retire')}</button>`}
      <button class="small danger" @click=${() => void this.#remove(hook)}>${t('hooks.remove')}</button>`;
  }

  #log(): TemplateResult {
    if (this.log.length === 0) return html`<p class="muted">${t('hooks.log.none')}</p>`;
    return html`<table data-testid="attempts">
      <tbody>
        ${this.log.map(
          (one) => html`<tr>
            <td class="num">${moment(one.at, now.value)}</td>
            <td class="num">${one.seq === 0 ? t('hooks.log.test') : one.seq}</td>
            <td class=${one.error === '' ? 'good' : 'bad'}>${one.error === '' ? t('hooks.log.ok') : one.error}</td>
            <td class="num right">${t('hooks.log.ms', { n: one.milliseconds })}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #toggle({ id }: Hook): void {
    this.open = this.open === id ? 0 : id;
    this.log = [];
    void this.#load();
  }

  async #load(): Promise<void> {
    if (this.open === 0) return;
    const page = await resultsApi.attempts(this.open).catch(() => null);
    if (page !== null) this.log = page.items;
  }

  async #add(): Promise<void> {
    const clinic = hasRole('clinic') ? [] : [{ name: 'institution', label: t('hooks.institution'), kind: 'text' as const, required: true }];
    const answers = await ask({
      title: t('hooks.add'),
      text: t('hooks.text'),
      fields: [
        ...clinic,
        { name: 'name', label: t('hooks.name'), kind: 'text', required: true },
        { name: 'url', label: t('hooks.url'), kind: 'text', required: true },
        { name: 'wanted', label: t('hooks.wanted'), kind: 'text', hint: t('hooks.wanted.hint') },
        { name: 'after', label: t('hooks.after'), kind: 'text', hint: t('hooks.after.hint') },
      ],
    });
    if (answers === null) return;
    const wanted = (answers['wanted'] ?? '').split(/[\s,，]+/).filter((part) => part !== '');
    const after = (answers['after'] ?? '').trim();
    const { name = '', url = '', institution = '' } = answers;
    await this.#doing(async () => {
      const body = { name, url, institution, wanted: wanted as NonNullable<HookOrder['wanted']>, ...(after === '' ? {} : { after: Number(after) }) };
      await this.#show(await resultsApi.makeHook(body));
    });
  }

  async #changeKeys(hook: Hook): Promise<void> {
    if (!(await confirmed({ title: t('hooks.keys'), text: t('hooks.keys.text') }))) return;
    await this.#doing(async () => this.#show(await resultsApi.changeKeys(hook)));
  }

  async #show({ key_id, secret }: { key_id: string; secret: string }): Promise<void> {
    await confirmed({ title: t('hooks.secret', { key: key_id }), text: secret, warning: t('hooks.secret.text') });
  }

  async #test(hook: Hook): Promise<void> {
    await this.#doing(() => resultsApi.testHook(hook));
    notify(t('hooks.test.done'));
    if (this.open !== hook.id) this.#toggle(hook);
  }

  async #replay(hook: Hook): Promise<void> {
    const answers = await ask({
      title: t('hooks.replay'),
      fields: [{ name: 'after', label: t('hooks.replay.after'), kind: 'text', required: true, value: String(hook.delivered_seq) }],
    });
    if (answers === null) return;
    await this.#doing(async () => {
      const { results } = await resultsApi.replay(hook, Number(answers['after']));
      notify(t('hooks.replay.done', { n: results }), 'ok');
    });
  }

  async #remove(hook: Hook): Promise<void> {
    if (!(await confirmed({ title: t('hooks.remove'), text: t('hooks.remove.text'), danger: true }))) return;
    await this.#doing(() => resultsApi.removeHook(hook));
  }

  async #doing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.tell('hooks-changed');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }
}

function standing(hook: Hook): TemplateResult {
  if (hook.paused) {
    const words = hook.paused_because === '' ? t('hooks.state.paused') : word('hooks.state', hook.paused_because);
    return html`<span class=${hook.paused_because === '' ? '' : 'bad'}>${words}</span>`;
  }
  if (hook.last_error !== '') return html`<span class="bad">${t('hooks.state.failing', { error: hook.last_error })}</span>`;
  if (hook.waiting > 0) return html`<span>${t('hooks.state.waiting', { n: hook.waiting })}</span>`;
  return html`<span class="good">${t('hooks.state.ok')}</span>`;
}
