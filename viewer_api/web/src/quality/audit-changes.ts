import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Changes, Piece } from '../api/quality-types.ts';
import { t } from '../i18n/index.ts';
import { quality } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';

/** What the auditing physician has changed of the author's words. Read anew whenever it is opened and with every `saved`. */
@customElement('audit-changes')
export class AuditChanges extends AppElement {
  @property({ type: Number }) task = 0;
  /** When the draft was saved last. */
  @property() saved = '';
  @state() private changes: Changes | null = null;
  @state() private open = false;

  static override styles = [
    base,
    css`
      :host {
        flex: none;
        font-size: 13px;
      }
      summary {
        color: var(--muted);
        cursor: pointer;
      }
      p {
        max-height: 110px;
        overflow: auto;
        padding: 4px 0;
        line-height: 1.6;
        white-space: pre-wrap;
      }
      del {
        color: var(--danger);
      }
      ins {
        color: var(--ok);
        text-decoration: underline;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('task')) this.changes = null;
    if (this.open && (changed.has('saved') || changed.has('task'))) void this.#load();
  }

  override render(): TemplateResult {
    return html`<details data-testid="audit-changes" @toggle=${this.#toggle}>
      <summary title=${t('changes.unsaved')}>${t('changes.title')}</summary>
      ${this.changes === null ? nothing : this.#body(this.changes)}
    </details>`;
  }

  #body({ findings, impression }: Changes): TemplateResult {
    const changed = [findings, impression].filter((pieces) => pieces.some(({ kind }) => kind !== 'same'));
    if (changed.length === 0) return html`<p class="muted">${t('changes.none')}</p>`;
    return html`${changed.map((pieces) => html`<p>${pieces.map(shown)}</p>`)}`;
  }

  #toggle(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
    if (this.open) void this.#load();
  }

  async #load(): Promise<void> {
    const task = this.task;
    const changes = await quality.changes(task).catch(() => null);
    if (task === this.task) this.changes = changes;
  }
}

function shown({ kind, text }: Piece): TemplateResult | string {
  if (kind === 'gone') return html`<del>${text}</del>`;
  return kind === 'new' ? html`<ins>${text}</ins>` : text;
}
