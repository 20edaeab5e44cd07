import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { currentUser, devicesApi, session, uploadsApi } from '../session.ts';
import { Cell } from '../store.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { chosen, dropped, type Found } from '../upload/gather.ts';
import { UploadQueue, type Item } from '../upload/queue.ts';
import { sendFile } from '../upload/send-file.ts';
import '../upload/upload-list.ts';
import '../upload/upload-outcome.ts';

/** Goes up with every change of the queue. */
const version = new Cell(0);

/** Of the tab and not of the page: files go on while the person looks at something else. */
const queue = new UploadQueue(
  {
    begin: (institution) => uploadsApi.beginUpload(institution),
    complete: (id) => uploadsApi.completeUpload(id),
    show: (id) => uploadsApi.upload(id),
    send: (sending) => sendFile({ ...sending, token: session.value?.token ?? null }),
  },
  () => version.set(version.value + 1),
);

session.subscribe((value) => value === null && queue.clear());
addEventListener('beforeunload', (event) => queue.isBusy && event.preventDefault());

/** Images from a disc, a memory stick or a folder, for the clinic's own patients or for those of a clinic that is named. */
@customElement('upload-page')
export class UploadPage extends AppElement {
  @state() private over = false;
  @state() private institution = '';
  @state() private institutions: readonly { code: string; name: string }[] = [];

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1000px;
        margin: 0 auto;
        padding: 16px;
      }
      .body {
        display: grid;
        gap: 14px;
        padding: 16px;
      }
      .drop {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px 16px;
        border: 2px dashed var(--line-strong);
        border-radius: 10px;
        text-align: center;
      }
      .drop[data-over] {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .drop svg {
        color: var(--accent);
      }
      .drop strong {
        font-size: 16px;
      }
      .buttons,
      .totals {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px;
      }
      .totals span {
        margin-right: auto;
      }
      .totals progress {
        width: 100%;
        height: 10px;
        accent-color: var(--accent);
      }
      input[type='file'] {
        display: none;
      }
      label.whose {
        display: flex;
        align-items: center;
        gap: 10px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(version);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#mustChoose) void this.#readInstitutions();
  }

  get #mustChoose(): boolean {
    return currentUser()?.role !== 'clinic';
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <section class="card">
        <header><h2>${t('upload.title')}</h2></header>
        <div class="body">
          ${this.#mustChoose ? this.#whose() : nothing} ${this.#dropZone()}
          ${queue.items.length === 0 ? nothing : this.#totals()}
        </div>
      </section>
      <upload-outcome .upload=${queue.upload} .error=${queue.error} @again=${() => queue.finishAgain()}></upload-outcome>
      <upload-list
        .items=${[...queue.items]}
        .paused=${queue.paused}
        @cancel-item=${(event: CustomEvent<Item>) => queue.cancel(event.detail)}
        @retry-item=${(event: CustomEvent<Item>) => queue.retry(event.detail)}
      ></upload-list>
    </div>`;
  }

  #whose(): TemplateResult {
    return html`<label class="whose">
      ${t('upload.whose')}
      <select
        data-testid="upload-institution"
        ?disabled=${queue.isBusy}
        @change=${(event: Event) => (this.institution = (event.target as HTMLSelectElement).value)}
      >
        <option value="">${t('upload.whose.choose')}</option>
        ${this.institutions.map(
          ({ code, name }) => html`<option value=${code} ?selected=${code === this.institution}>${name} (${code})</option>`,
        )}
      </select>
    </label>`;
  }

  #dropZone(): TemplateResult {
    return html`<div
      class="drop"
      data-testid="upload-drop"
      ?data-over=${this.over}
      @dragover=${this.#dragOver}
      @dragleave=${() => (this.over = false)}
      @drop=${this.#drop}
    >
      ${icon('upload', 34)}
      <strong>${t('upload.drop')}</strong>
      <span class="muted">${t('upload.drop.hint')}</span>
      <span class="buttons">
        <button class="primary" data-testid="upload-choose" @click=${() => this.#open('files')}>${t('upload.choose')}</button>
        <button data-testid="upload-choose-folder" @click=${() => this.#open('folder')}>${t('upload.choose_folder')}</button>
      </span>
      <input id="files" type="file" multiple data-testid="upload-files" @change=${this.#choose} />
      <input id="folder" type="file" webkitdirectory data-testid="upload-folder" @change=${this.#choose} />
    </div>`;
  }

  #totals(): TemplateResult {
    const { items, total, sent, failed } = queue;
    const done = items.filter(({ state }) => state === 'done').length;
    const waiting = items.filter(({ state }) => state !== 'cancelled').length;
    const percent = total === 0 ? 100 : Math.floor((sent / total) * 100);
    const left = queue.secondsLeft(Date.now());
    return html`<div class="totals" role="status" data-testid="upload-totals" data-done=${done} data-busy=${queue.isBusy}>
      <span class="num"
        >${t('upload.progress', { done, count: waiting, percent })}${left === null
          ? nothing
          : html` · ${t('upload.left', { minutes: Math.max(1, Math.ceil(left / 60)) })}`}${queue.paused
          ? html` · ${t('upload.paused')}`
          : nothing}</span
      >
      ${failed.length === 0
        ? nothing
        : html`<button data-testid="upload-retry" @click=${() => queue.retry(...failed)}>
            ${icon('refresh', 16)} ${t('upload.retry_failed', { count: failed.length })}
          </button>`}
      ${queue.isBusy ? this.#holdButtons() : nothing}
      <progress max="100" value=${percent} aria-label=${t('upload.title')}></progress>
    </div>`;
  }

  #holdButtons(): TemplateResult {
    return html`<button data-testid="upload-pause" @click=${() => (queue.paused ? queue.resume() : queue.pause())}>
        ${icon(queue.paused ? 'play' : 'pause', 16)} ${t(queue.paused ? 'upload.resume' : 'upload.pause')}
      </button>
      <button data-testid="upload-cancel" @click=${() => queue.cancelAll()}>${t('upload.cancel_all')}</button>`;
  }

  #open(name: 'files' | 'folder'): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${name}`)?.click();
  }

  #choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.#add(chosen(input.files ?? []));
    input.value = '';
  }

  #dragOver(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  async #drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    this.over = false;
    if (event.dataTransfer === null) return;
    try {
      this.#add(await dropped(event.dataTransfer));
    } catch {
      notify(t('upload.unreadable'), 'danger');
    }
  }

  #add(found: Found[]): void {
    if (this.#mustChoose && this.institution === '') {
      notify(t('upload.whose.missing'), 'warn');
      return;
    }
    if (found.length === 0) notify(t('upload.nothing'), 'warn');
    queue.add(found, this.#mustChoose ? this.institution : '');
  }

  async #readInstitutions(): Promise<void> {
    try {
      const { items } = await devicesApi.devices();
      const names = new Map(items.map((device) => [device.institution, device.institution_name]));
      this.institutions = [...names].sort().map(([code, name]) => ({ code, name }));
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }
}
