import { css, html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';

import type { StudyDetail } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { api, currentUser, session } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { forceDark } from '../ui/theme.ts';
import { listenToMain, type ToldStage } from '../viewer/screen/screen-channel.ts';
import { bringTo, stageOf } from '../viewer/screen/told-stage.ts';
import { warmUp } from '../viewer/stack.ts';
import { habits } from '../viewer/stage/habits.ts';
import { StackStore } from '../viewer/stage/stack-store.ts';
import { EMPTY_STAGE, isSame, type Stage } from '../viewer/stage/stage.ts';
import type { CellState, StageGrid } from '../viewer/stage/stage-grid.ts';
import '../viewer/stage/stage-grid.ts';

/** Another window that shows what the main one shows, from case to case; it closes when its person has logged out. */
@customElement('screen-page')
export class ScreenPage extends AppElement {
  @state() private stage: Stage = EMPTY_STAGE;
  @state() private told: ToldStage | null = null;
  @query('stage-grid') private grid!: StageGrid | null;

  #stacks = new StackStore();
  readonly #studies = new Map<string, StudyDetail>();
  #stops: (() => void)[] = [];

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        height: 100%;
        background: #000;
      }
      h1:not(.sr-only) {
        place-self: center;
        font: inherit;
        color: #8a97a3;
        text-align: center;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    forceDark(true);
    warmUp();
    const ended = session.subscribe((value) => value === null && window.close());
    this.#stops = [ended, listenToMain(currentUser()?.username ?? '', (told) => void this.#show(told))];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    forceDark(false);
    this.#stops.forEach((stop) => stop());
  }

  override render(): TemplateResult {
    if (this.told === null) return html`<h1 data-testid="screen-waiting">${t('screen.waiting')}</h1>`;
    return html`<h1 class="sr-only">${t('screen.open')}</h1>
      <stage-grid
        .stage=${this.stage}
        .stacks=${this.#stacks}
        .lines=${true}
        tool="scroll"
        @cell-state=${(event: CustomEvent<CellState>) => this.#bring(event.detail.cell)}
      ></stage-grid>`;
  }

  async #show(told: ToldStage | null): Promise<void> {
    this.told = told;
    if (told === null) {
      this.#studies.clear();
      this.#stacks = new StackStore();
      return;
    }
    habits.set({ ...habits.value, ...told.planes });
    const uids = new Set(told.cells.flatMap((cell) => (cell === null ? [] : [cell.study])));
    await Promise.all([...uids].filter((uid) => !this.#studies.has(uid)).map((uid) => this.#load(uid)));
    if (this.told !== told) return;
    this.stage = keeping(this.stage, stageOf(told, this.#studies));
    await this.updateComplete;
    told.cells.forEach((_, at) => this.#bring(at));
  }

  async #load(uid: string): Promise<void> {
    const study = await api.study(uid).catch(() => null);
    if (study !== null) this.#studies.set(uid, study);
  }

  #bring(at: number): void {
    const [told, cell] = [this.told?.cells[at] ?? null, this.grid?.cells[at]];
    if (told !== null && cell?.content?.series.series_instance_uid === told.series) bringTo(told, cell);
  }
}

/** What has not changed stays the same object, so that nothing is loaded again. */
function keeping(before: Stage, now: Stage): Stage {
  return { ...now, cells: now.cells.map((shown, at) => (isSame(before.cells[at] ?? null, shown) ? (before.cells[at] ?? null) : shown)) };
}
