import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Series } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { api } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { Tag, textOf, type Instance } from './dicom-json.ts';
import { instanceUrl } from './frames.ts';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';

/** A series that is not a picture: says so, opens what a browser can open, hands out the original. */
@customElement('document-card')
export class DocumentCard extends AppElement {
  @property() studyUid = '';
  @property({ attribute: false }) series!: Series;
  @state() private instances: readonly Instance[] = [];
  @state() private problem = '';

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        place-items: center;
        height: 100%;
        padding: 24px;
        background: var(--bg);
        overflow: auto;
      }
      section {
        display: grid;
        justify-items: center;
        gap: 10px;
        max-width: 420px;
        color: var(--muted);
        text-align: center;
      }
      h2 {
        color: var(--text);
        font-size: 16px;
        font-weight: 600;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 8px;
        margin-top: 8px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('series')) void this.#load();
  }

  override render(): TemplateResult {
    return html`<section data-testid="document-card">
      ${icon('document', 40)}
      <h2>${this.series.description || t('viewer.document')}</h2>
      <p>${this.problem || (this.#allPdf() ? nothing : t('viewer.document.text'))}</p>
      <ul>
        ${this.instances.map((instance, index) => this.#file(instance, index))}
      </ul>
    </section>`;
  }

  #file(instance: Instance, index: number): TemplateResult {
    const url = instanceUrl(this.studyUid, this.series.series_instance_uid, textOf(instance, Tag.SOPInstanceUID));
    const name = `${textOf(instance, Tag.SOPInstanceUID)}.dcm`;
    return html`<li>
      ${this.instances.length > 1 ? html`<span>${t('viewer.document.n', { n: index + 1 })}</span>` : nothing}
      ${isPdf(instance)
        ? html`<button class="primary" data-testid="open-pdf" @click=${() => this.#openPdf(url)}>
            ${icon('document')}${t('viewer.document.pdf')}
          </button>`
        : nothing}
      <a class="button" href=${url} download=${name}>${icon('download')}${t('viewer.document.original')}</a>
    </li>`;
  }

  #allPdf(): boolean {
    return this.instances.length > 0 && this.instances.every(isPdf);
  }

  async #load(): Promise<void> {
    this.instances = [];
    try {
      this.instances = await api.seriesMetadata(this.studyUid, this.series.series_instance_uid);
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  /** The tab is opened at once, as browsers refuse to open one later, after the download. */
  async #openPdf(url: string): Promise<void> {
    const tab = window.open('', '_blank');
    try {
      const [bytes, { encapsulatedDocument }] = await Promise.all([download(url), import('./encapsulated.ts')]);
      const pdf = encapsulatedDocument(bytes);
      if (pdf === null || tab === null) throw new Error('no document');
      tab.location.href = URL.createObjectURL(pdf);
    } catch {
      tab?.close();
      notify(t('viewer.error.decode'), 'danger');
    }
  }
}

function isPdf(instance: Instance): boolean {
  return textOf(instance, Tag.SOPClassUID) === ENCAPSULATED_PDF;
}

async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
