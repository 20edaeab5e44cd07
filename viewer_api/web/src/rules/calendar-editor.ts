import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Content } from '../api/rules-types.ts';
import { locale, t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { daysOf, holidaysOf, hoursInWords, readHours, withDays, withHolidays, type Holiday } from './calendar.ts';
import { editorStyles } from './editor-styles.ts';
import { missingHolidays } from './fixed-holidays.ts';
import { list } from './service-times.ts';

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Office hours, public holidays and make-up workdays. Fires `change` with the content. */
@customElement('calendar-editor')
export class CalendarEditor extends AppElement {
  @property({ attribute: false }) content: Content = {};
  @state() private badHours = false;
  #added: Holiday = { from: '', to: '', name: '' };
  #workday = '';

  static override styles = [base, controls, editorStyles];

  override render(): TemplateResult {
    const worked = new Set(list(this.content['weekdays']).map(Number));
    return html`${this.#nextYear()}
      <fieldset>
        <legend>${t('rules.calendar.week')}</legend>
        ${[1, 2, 3, 4, 5, 6, 7].map(
          (day) =>
            html`<label class="check"
              ><input type="checkbox" .checked=${worked.has(day)} @change=${(event: Event) => this.#weekday(day, event)} />
              ${weekday(day)}</label
            >`,
        )}
      </fieldset>
      <fieldset>
        <label class="field"
          >${t('rules.calendar.hours')}
          <input
            class="wide"
            data-testid="hours"
            aria-invalid=${this.badHours}
            .value=${hoursInWords(this.content)}
            @change=${this.#hours}
          />
          ${this.badHours ? html`<span class="field-error">${t('rules.calendar.hours.bad')}</span>` : nothing}
        </label>
        <label class="field"
          >${t('rules.calendar.until')}
          <input
            type="date"
            data-testid="arranged-until"
            .value=${String(this.content['arranged_until'] ?? '')}
            @change=${(event: Event) => this.#put('arranged_until', (event.target as HTMLInputElement).value, event)}
          />
        </label>
      </fieldset>
      ${this.#holidays()} ${this.#workdays()}`;
  }

  /** What is still to be done for the year that is not arranged yet. */
  #nextYear(): TemplateResult | typeof nothing {
    const until = String(this.content['arranged_until'] ?? '');
    const year = Number(until.slice(0, 4)) + 1;
    if (Number.isNaN(year) || year <= 1) return nothing;
    const holidays = holidaysOf(this.content);
    const missing = missingHolidays(holidays, year);
    return html`<div class="notice warn" data-testid="next-year">
      <span>
        ${t('rules.calendar.next', { year })}
        <span class="line">
          ${missing.length === 0
            ? html`<b>${t('rules.calendar.proposed', { year })}</b>`
            : html`<button class="small" data-testid="propose" @click=${() => this.tell('change', withHolidays(this.content, [...holidays, ...missing]))}>
                ${t('rules.calendar.propose', { year, n: missing.length })}
              </button>`}
          <button class="small" data-testid="arranged" @click=${() => this.tell('change', { ...this.content, arranged_until: `${year}-12-31` })}>
            ${t('rules.calendar.arranged', { year })}
          </button>
        </span>
      </span>
    </div>`;
  }

  #holidays(): TemplateResult {
    const holidays = holidaysOf(this.content);
    return html`<h3>${t('rules.calendar.holidays')}</h3>
      <div class="scroll">
        <table data-testid="holidays">
          <thead>
            <tr>
              <th scope="col">${t('rules.calendar.from')}</th>
              <th scope="col">${t('rules.calendar.to')}</th>
              <th scope="col">${t('rules.calendar.name')}</th>
              <th scope="col"><span class="sr-only">${t('rules.remove')}</span></th>
            </tr>
          </thead>
          <tbody>
            ${[...holidays].reverse().map(
              (one) =>
                html`<tr>
                  <td class="num">${one.from}</td>
                  <td class="num">${one.to}</td>
                  <td>${one.name}</td>
                  <td>
                    <button
                      class="small quiet"
                      @click=${() => this.tell('change', withHolidays(this.content, holidays.filter((other) => other.from !== one.from)))}
                    >
                      ${t('rules.remove')}
                    </button>
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="line">
        <input type="date" aria-label=${t('rules.calendar.from')} data-testid="holiday-from" @change=${this.#note('from')} />
        <input type="date" aria-label=${t('rules.calendar.to')} data-testid="holiday-to" @change=${this.#note('to')} />
        <input placeholder=${t('rules.calendar.name')} data-testid="holiday-name" @change=${this.#note('name')} />
        <button class="small" data-testid="holiday-add" @click=${this.#addHoliday}>${t('rules.calendar.add_holiday')}</button>
      </div>`;
  }

  #workdays(): TemplateResult {
    const days = daysOf(this.content, 'workdays');
    return html`<h3>${t('rules.calendar.workdays')}</h3>
      <div class="days" data-testid="workdays">
        ${days.map(
          (day) =>
            html`<span class="day"
              >${day}
              <button
                class="small quiet"
                aria-label=${`${t('rules.remove')} ${day}`}
                @click=${() => this.tell('change', withDays(this.content, 'workdays', days.filter((other) => other !== day)))}
              >
                ×
              </button></span
            >`,
        )}
      </div>
      <div class="line">
        <input
          type="date"
          aria-label=${t('rules.calendar.workdays')}
          data-testid="workday"
          @change=${(event: Event) => {
            event.stopPropagation();
            this.#workday = (event.target as HTMLInputElement).value;
          }}
        />
        <button
          class="small"
          data-testid="workday-add"
          @click=${() => {
            if (this.#workday !== '') this.tell('change', withDays(this.content, 'workdays', [...days, this.#workday]));
          }}
        >
          ${t('rules.calendar.add_workday')}
        </button>
      </div>`;
  }

  #note(name: keyof Holiday): (event: Event) => void {
    return (event) => {
      event.stopPropagation();
      this.#added = { ...this.#added, [name]: (event.target as HTMLInputElement).value };
    };
  }

  #addHoliday = (): void => {
    const { from, to, name } = this.#added;
    if (from === '') return;
    const others = holidaysOf(this.content).filter((one) => one.from !== from);
    this.tell('change', withHolidays(this.content, [...others, { from, to: to === '' ? from : to, name }]));
  };

  #weekday(day: number, event: Event): void {
    const days = list(this.content['weekdays']).map(Number);
    const next = (event.target as HTMLInputElement).checked ? [...days, day].sort() : days.filter((one) => one !== day);
    this.#put('weekdays', next, event);
  }

  #hours = (event: Event): void => {
    const hours = readHours((event.target as HTMLInputElement).value);
    this.badHours = hours === null;
    if (hours === null) event.stopPropagation();
    else this.#put('hours', hours, event);
  };

  #put(name: string, value: Content[string], event: Event): void {
    event.stopPropagation();
    this.tell('change', { ...this.content, [name]: value });
  }
}

function weekday(day: number): string {
  const moment = new Date(MONDAY + (day - 1) * DAY_MS);
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(moment);
}
