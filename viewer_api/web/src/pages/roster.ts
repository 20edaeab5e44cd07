import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Absence, AbsenceOrder, Gap, Licence, Roster, Shift, ShiftKind } from '../api/roster-types.ts';
import { faultsOf } from '../devices/device-form.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { kindFields, kindOrder, licenceFields, licenceOrder, peopleChoices } from '../roster/forms.ts';
import type { CellOrder } from '../roster/roster-grid.ts';
import { rosterStyles } from '../roster/roster-styles.ts';
import { dayName, inZone, plusDays, startOf, weekOf } from '../roster/week.ts';
import { go, links } from '../router.ts';
import { rosterApi } from '../session.ts';
import { ask, type Answers, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { fillIn } from '../ui/fill-in.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../roster/licence-table.ts';
import '../roster/roster-grid.ts';
import '../ui/connection-banner.ts';

const ABSENCES = ['leave', 'sick', 'training', 'other'] as const;

/** Who works when, and who is licensed for what. Managers plan; readers see themselves marked. */
@customElement('roster-page')
export class RosterPage extends AppElement {
  /** Any day of the week that is shown; empty for the present one. */
  @property() week = '';
  @state() private roster: Roster | null = null;
  @state() private licences: readonly Licence[] = [];
  @state() private brush: number | null = null;
  @state() private error: unknown = null;

  static override styles = [base, controls, surfaces, rosterStyles];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('week')) void this.#load();
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.roster === null ? html`<p class="empty">${this.error === null ? t('app.loading') : nothing}</p>` : this.#content(this.roster)}
      </div>`;
  }

  #content(roster: Roster): TemplateResult {
    const soon = this.licences.filter((licence) => licence.ends_soon).length;
    const uncovered = new Set(weekOf(roster.first).filter((day) => roster.gaps.some((gap) => touches(gap, day, roster.zone))));
    return html`${this.#top(roster)} ${roster.editable ? this.#palette(roster) : nothing}
      <section class="card">
        <roster-grid
          .roster=${roster}
          .uncovered=${uncovered}
          @cell=${(event: CustomEvent<CellOrder>) => this.#paint(event.detail, roster)}
          @swap=${(event: CustomEvent<Shift>) => this.#swap(event.detail, roster)}
        ></roster-grid>
      </section>
      ${this.#gaps(roster)} ${this.#absences(roster)}
      <section class="card">
        <header>
          <h2>${t(roster.editable ? 'licences.title' : 'licences.own')}</h2>
          <span class="fill"></span>
          ${roster.editable ? html`<button class="small" data-testid="licence-add" @click=${() => this.#license(roster)}>${t('licences.add')}</button>` : nothing}
        </header>
        ${soon === 0 ? nothing : html`<p class="notice warn">${t('licences.warning', { n: soon })}</p>`}
        <licence-table
          .licences=${this.licences}
          .editable=${roster.editable}
          .today=${roster.today}
          @edit=${(event: CustomEvent<Licence>) => this.#license(roster, event.detail)}
          @end=${(event: CustomEvent<Licence>) => this.#endLicence(event.detail)}
        ></licence-table>
      </section>`;
  }

  #top(roster: Roster): TemplateResult {
    const { first } = roster;
    const last = plusDays(first, 6);
    const show = (week: string) => (): void => go(links.roster(week));
    return html`<div class="top">
      <h1>${t('roster.title')}</h1>
      <span class="num">${t('roster.week', { first, last })}</span>
      <button class="small" data-testid="week-previous" @click=${show(plusDays(first, -7))}>${t('roster.previous')}</button>
      <button class="small" @click=${show('')}>${t('roster.this_week')}</button>
      <button class="small" data-testid="week-next" @click=${show(plusDays(first, 7))}>${t('roster.next')}</button>
      <span class="fill"></span>
      <a class="button small" href=${rosterApi.rosterSheetUrl(first, last)} download>${t('roster.export')}</a>
      ${roster.editable
        ? html`<label class="button small">${t('roster.import')}<input type="file" accept=".csv,text/csv" class="sr-only" @change=${this.#import} /></label>
            <button class="small" data-testid="week-copy" @click=${() => this.#copy(first)}>${t('roster.copy')}</button>
            <button class="small" @click=${() => this.#absent(roster)}>${t('roster.absence.add')}</button>`
        : nothing}
    </div>`;
  }

  #palette({ kinds }: Roster): TemplateResult {
    const active = kinds.filter((kind) => kind.active);
    const chosen = active.find((kind) => kind.id === this.brush);
    return html`<div class="palette" role="toolbar" aria-label=${t('roster.brush')}>
      ${active.map(
        (kind) => html`<button
          class="small brush"
          style="--chip: ${kind.colour}"
          data-testid="kind-${kind.id}"
          aria-pressed=${kind.id === this.brush ? 'true' : 'false'}
          @click=${() => (this.brush = kind.id)}
        >
          ${localName(kind.name, kind.name_en)} <small class="num">${kind.starts}–${kind.ends}</small>
        </button>`,
      )}
      <button class="small quiet" data-testid="kind-add" @click=${() => this.#kind()}>${t('roster.kind.add')}</button>
      ${chosen === undefined
        ? nothing
        : html`<button class="small quiet" @click=${() => this.#kind(chosen)}>${t('roster.kind.edit')}</button>
            <button class="small quiet" @click=${() => this.#done(rosterApi.retireShiftKind(chosen.id))}>${t('roster.kind.retire')}</button>`}
      <span class="muted">${active.length === 0 ? t('roster.kinds.none') : `${t('roster.brush')} ${t('roster.swap.hint')}`}</span>
    </div>`;
  }

  #gaps({ gaps, shifts, zone }: Roster): TemplateResult | typeof nothing {
    if (gaps.length === 0) return shifts.length === 0 ? nothing : html`<p class="notice ok">${t('roster.gaps.none')}</p>`;
    return html`<section class="card gaps" data-testid="roster-gaps">
      <header><h2>${t('roster.gaps')}</h2></header>
      <ul>
        ${together(gaps).map(({ gap, modalities }) => {
          const [from, to] = [inZone(gap.starts_at, zone), inZone(gap.ends_at, zone)];
          const name = dayName(from.day);
          const until = to.day === from.day ? to.time : `${dayName(to.day).weekday} ${to.time}`;
          return html`<li>
            <strong>${t('roster.gaps.line', { modality: modalities.join(' '), classes: gap.priorities.join(' ') })}</strong>
            <span class="num">${name.weekday} ${name.date} ${from.time} – ${until}</span>
          </li>`;
        })}
      </ul>
    </section>`;
  }

  #absences({ absences, people, zone, editable }: Roster): TemplateResult | typeof nothing {
    if (absences.length === 0) return nothing;
    const line = (absence: Absence): TemplateResult => html`<li>
      <strong>${people.find(({ username }) => username === absence.user)?.name ?? absence.user}</strong>
      <span class="num">${inZone(absence.starts_at, zone).day} ${inZone(absence.starts_at, zone).time} – ${inZone(absence.ends_at, zone).day} ${inZone(absence.ends_at, zone).time}</span>
      <span class="muted">${absence.kind === null ? t('roster.absent') : t(`absence.${absence.kind}`)} ${absence.note}</span>
      ${editable ? html`<button class="small quiet" @click=${() => this.#done(rosterApi.endAbsence(absence.id))}>${t('roster.absence.end')}</button>` : nothing}
    </li>`;
    return html`<section class="card">
      <header><h2>${t('roster.absences')}</h2></header>
      <ul>
        ${absences.map(line)}
      </ul>
    </section>`;
  }

  async #load(): Promise<void> {
    const week = this.week;
    try {
      const [roster, licences] = await Promise.all([rosterApi.roster(week), rosterApi.licences()]);
      if (week !== this.week) return;
      this.roster = roster;
      this.licences = licences.items;
      this.brush ??= roster.kinds.find((kind) => kind.active)?.id ?? null;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #paint({ user, day }: CellOrder, { shifts }: Roster): Promise<void> {
    if (this.brush === null) return;
    const there = shifts.find((shift) => shift.user === user && shift.day === day && shift.kind === this.brush);
    await this.#done(there === undefined ? rosterApi.putShift(user, this.brush, day) : rosterApi.dropShift(there.id), '');
  }

  async #copy(first: string): Promise<void> {
    try {
      const { put } = await rosterApi.copyWeek(plusDays(first, -7), first);
      notify(t('roster.copied', { n: put }), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  #import = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file === undefined) return;
    try {
      const { put } = await rosterApi.takeRosterSheet(file);
      notify(t('roster.imported', { n: put }), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  };

  async #kind(kind?: ShiftKind): Promise<void> {
    const title = t(kind === undefined ? 'roster.kind.add' : 'roster.kind.edit');
    await this.#fillIn(title, kindFields(kind ?? {}), (answers) => rosterApi.saveShiftKind(kindOrder(answers, kind ?? {}), kind?.id ?? null));
  }

  async #license({ people, today }: Roster, licence?: Licence): Promise<void> {
    const title = t(licence === undefined ? 'licences.add' : 'licences.edit');
    await this.#fillIn(title, licenceFields(people, licence ?? {}, today), (answers) => rosterApi.saveLicence(licenceOrder(answers, licence ?? {}), licence?.id ?? null));
  }

  async #endLicence(licence: Licence): Promise<void> {
    const answers = await ask({
      title: t('licences.end.title', { name: licence.name, modality: licence.modality }),
      text: t('licences.end.text'),
      fields: [{ name: 'reason', label: t('licences.reason'), kind: 'textarea', required: true }],
      ok: t('licences.end'),
      danger: true,
    });
    if (answers !== null) await this.#done(rosterApi.endLicence(licence.id, answers['reason'] ?? ''));
  }

  async #absent({ people, today, zone }: Roster): Promise<void> {
    const fields: Field[] = [
      { name: 'user', label: t('roster.absence.user'), kind: 'select', value: people[0]?.username ?? '', choices: peopleChoices(people) },
      { name: 'kind', label: t('roster.absence.kind'), kind: 'select', value: 'leave', choices: ABSENCES.map((value) => ({ value, label: t(`absence.${value}`) })) },
      { name: 'from', label: t('roster.absence.from'), kind: 'text', value: today, required: true, hint: t('licences.date.hint') },
      { name: 'to', label: t('roster.absence.to'), kind: 'text', value: today, required: true },
      { name: 'note', label: t('roster.absence.note'), kind: 'text' },
    ];
    await this.#fillIn(t('roster.absence.add'), fields, async (answers) =>
      rosterApi.addAbsence({
        user: answers['user'] ?? '',
        kind: answers['kind'] as AbsenceOrder['kind'],
        starts_at: startOf(answers['from'] ?? '', zone),
        ends_at: startOf(plusDays(answers['to'] ?? '', 1), zone),
        note: answers['note'] ?? '',
      }),
    );
  }

  async #swap(shift: Shift, { people, kinds }: Roster): Promise<void> {
    const kind = kinds.find(({ id }) => id === shift.kind);
    const name = people.find(({ username }) => username === shift.user)?.name ?? shift.user;
    const others = people.filter(({ username }) => username !== shift.user);
    const title = t('roster.swap.title', { name, day: shift.day, kind: kind === undefined ? '' : localName(kind.name, kind.name_en) });
    const fields: Field[] = [
      { name: 'to', label: t('roster.swap.to'), kind: 'select', value: others[0]?.username ?? '', choices: peopleChoices(others) },
      { name: 'reason', label: t('roster.swap.reason'), kind: 'text' },
    ];
    await this.#fillIn(title, fields, (answers) => rosterApi.swapShift(shift.id, answers['to'] ?? '', answers['reason'] ?? ''));
  }

  async #fillIn(title: string, fields: readonly Field[], send: (answers: Answers) => Promise<unknown>): Promise<void> {
    if (!(await fillIn({ title, fields, ok: t('roster.save'), faults: faultsOf }, send))) return;
    notify(t('roster.saved'), 'ok');
    await this.#load();
  }


  async #done(work: Promise<unknown>, words = t('roster.saved')): Promise<void> {
    try {
      await work;
      if (words !== '') notify(words, 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }
}

/** Gaps of the same hours and classes as one line. */
function together(gaps: readonly Gap[]): { gap: Gap; modalities: string[] }[] {
  const lines = new Map<string, { gap: Gap; modalities: string[] }>();
  for (const gap of gaps) {
    const key = `${gap.starts_at} ${gap.ends_at} ${gap.priorities.join()}`;
    const line = lines.get(key) ?? { gap, modalities: [] };
    line.modalities.push(gap.modality);
    lines.set(key, line);
  }
  return [...lines.values()];
}

function touches(gap: Gap, day: string, zone: string): boolean {
  const [starts, ends] = [startOf(day, zone), startOf(plusDays(day, 1), zone)];
  return Date.parse(gap.starts_at) < Date.parse(ends) && Date.parse(gap.ends_at) > Date.parse(starts);
}
