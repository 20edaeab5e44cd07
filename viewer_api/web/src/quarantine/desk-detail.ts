import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Present, QuarantineDetail } from '../api/quarantine-types.ts';
import type { Patient } from '../api/types.ts';
import { localName, t, word, type MessageKey } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { pixelWords } from './desk-table.ts';

/** What people choose from; `same_person` is taking in with a merge before it. */
export type Choice = 'same_person' | 'take_in' | 'replace' | 'resend' | 'kept' | 'discarded';

interface Side {
  place: string;
  patient: Patient | null;
  exam: string | null;
  what: string;
}

/** One object beside what is in the archive, and what may be decided. Fires `choose` with a choice, and `reopen`. */
@customElement('desk-detail')
export class DeskDetail extends AppElement {
  @property({ attribute: false }) item!: QuarantineDetail;
  @property() objectUrl = '';

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .body {
        display: grid;
        gap: 12px;
        padding: 12px 16px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th,
      td {
        padding: 5px 8px;
        border-top: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      th {
        width: 76px;
        color: var(--muted);
        font-weight: 500;
      }
      thead th {
        border-top: 0;
        width: auto;
      }
      thead th:first-child {
        width: 76px;
      }
      td.differs {
        background: var(--late-soft);
        color: var(--late);
        font-weight: 600;
      }
      .acts {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      small {
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .foot {
        display: flex;
        justify-content: space-between;
        gap: 10px;
        align-items: center;
      }
    `,
  ];

  override render(): TemplateResult {
    const { item } = this;
    return html`<section class="card" data-testid="quarantine-detail" data-id=${item.id}>
      <header><h2>${word('health.reason', item.reason)}${pixelWords(item)}</h2></header>
      <div class="body">
        ${this.#sides(item, item.present)} ${item.pixels_detail === '' ? nothing : html`<small>${item.pixels_detail}</small>`}
        ${item.present?.has_signed_report ? html`<p class="notice warn">${icon('warning', 16)}${t('quarantine.there.signed')}</p>` : nothing}
        ${item.resolved_at === null ? this.#choices(item) : this.#decided(item)}
        <div class="foot">
          <small class="num">${t('quarantine.uid')} ${item.sop_instance_uid || '–'}</small>
          ${item.purged_at === null
            ? html`<a class="button" href=${this.objectUrl} download data-testid="quarantine-download">
                ${icon('download', 16)}${t('quarantine.download')}
              </a>`
            : nothing}
        </div>
      </div>
    </section>`;
  }

  #sides(item: QuarantineDetail, present: Present | null): TemplateResult {
    const here = received(item);
    const there = present === null ? null : archived(present);
    return html`<table data-testid="quarantine-sides">
      <thead>
        <tr>
          <th></th>
          <th scope="col">${t('quarantine.here')}</th>
          <th scope="col">${t('quarantine.there')}</th>
        </tr>
      </thead>
      <tbody>
        ${line('quarantine.patient', patientWords(here.patient), there && patientWords(there.patient))}
        ${line('quarantine.study', here.what, there?.what)} ${line('quarantine.exam', when(here.exam), there && when(there.exam))}
        ${line('quarantine.from', here.place, there?.place)}
      </tbody>
    </table>`;
  }

  #choices(item: QuarantineDetail): TemplateResult {
    const choices: Choice[] = item.decisions.flatMap((decision): Choice[] =>
      decision === 'take_in' && item.reason === 'other_patient' && item.present !== null ? ['same_person', 'take_in'] : [decision],
    );
    return html`<div class="acts">
      ${choices.map(
        (choice, index) =>
          html`<button
            class=${index === 0 && choice !== 'same_person' ? 'primary' : ''}
            data-testid="decide-${choice}"
            title=${t(`quarantine.decision.${choice}.text`)}
            @click=${() => this.tell('choose', choice)}
          >
            ${t(`quarantine.decision.${choice}`)}
          </button>`,
      )}
    </div>`;
  }

  #decided(item: QuarantineDetail): TemplateResult {
    const what = item.decision === null ? item.resolution : t(`quarantine.decision.${item.decision}`);
    return html`<p class="notice info" data-testid="quarantine-decided">
        ${t('quarantine.decided', { what, at: fullMoment(item.resolved_at) })} ${taken(item)} ${kept(item)}
      </p>
      ${item.purged_at === null && item.decision !== 'replace'
        ? html`<button data-testid="quarantine-reopen" @click=${() => this.tell('reopen')}>${t('quarantine.reopen')}</button>`
        : nothing}`;
  }
}

function received(item: QuarantineDetail): Side {
  const place = [localName(item.institution_name, item.institution_name_en), item.ae_title].filter((part) => part !== '');
  const what = [item.modality, item.description].filter((part) => part !== '').join(' ');
  return { place: place.join(' · '), patient: item.patient, exam: item.exam_started_at, what };
}

function archived(present: Present): Side {
  const what = [present.modality, present.description, `(${t('quarantine.there.instances', { n: present.instances })})`];
  const place = localName(present.institution_name, present.institution_name_en);
  return { place, patient: present.patient, exam: present.exam_started_at, what: what.filter((part) => part !== '').join(' ') };
}

const COMPARED: ReadonlySet<MessageKey> = new Set<MessageKey>(['quarantine.patient']);

function line(name: MessageKey, here: string, there: string | null | undefined): TemplateResult {
  const differs = COMPARED.has(name) && there !== null && there !== undefined && there !== here;
  return html`<tr>
    <th scope="row">${t(name)}</th>
    <td class=${differs ? 'differs' : ''}>${here || '–'}</td>
    <td class=${differs ? 'differs' : ''}>${there ?? '–'}</td>
  </tr>`;
}

function patientWords(patient: Patient | null): string {
  if (patient === null) return t('quarantine.unreadable');
  return [personName(patient.name), sexAge(patient), patient.birth_date, patient.id].filter((part) => part !== '').join(' · ');
}

function when(at: string | null): string {
  return at === null ? '–' : fullMoment(at);
}

function taken(item: QuarantineDetail): string {
  if (item.decision !== 'take_in') return '';
  return t(item.carried ? 'quarantine.carried' : 'quarantine.not_carried');
}

function kept(item: QuarantineDetail): string {
  if (item.purged_at !== null) return t('quarantine.purged', { at: fullMoment(item.purged_at) });
  return item.keep_until === null ? '' : t('quarantine.keep_until', { at: fullMoment(item.keep_until) });
}
