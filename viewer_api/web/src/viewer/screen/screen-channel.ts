import type { PlanesShown } from '../planes/planes-words.ts';
import type { LayoutName } from '../stage/layouts.ts';
import type { Plane } from '../stage/stage.ts';
import type { Look, Turn, Voi } from '../stack-view.ts';

/** What a cell of the main window shows now. */
export interface ToldCell {
  study: string;
  series: string;
  isPrior: boolean;
  plane: Plane | null;
  index: number;
  voi: Voi | null;
  look: Look | null;
  turn: Turn | null;
  inverted: boolean;
}

/** What the main window shows; without cells while no case is open. */
export interface ToldStage {
  layout: LayoutName;
  active: number;
  enlarged: boolean;
  planes: PlanesShown;
  cells: readonly (ToldCell | null)[];
}

/** Windows of one person in one browser; other people's have channels of their own. */
type ScreenMessage = { type: 'hello' } | { type: 'show'; stage: ToldStage | null };

function channelOf(username: string): BroadcastChannel {
  return new BroadcastChannel(`countyread.screen.${username}`);
}

const PACE_MS = 40;

/** The main window's end: tells what it shows, at most some 25 times a second, and again when a screen asks. */
export class ScreenTeller {
  readonly #channel: BroadcastChannel;
  readonly #now: () => ToldStage | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(username: string, now: () => ToldStage | null) {
    this.#channel = channelOf(username);
    this.#now = now;
    this.#channel.onmessage = ({ data }: MessageEvent<ScreenMessage>) => data.type === 'hello' && this.tell();
  }

  tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#post(this.#now());
    }, PACE_MS);
  }

  /** No case is open any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#post(null);
    this.#channel.close();
  }

  #post(stage: ToldStage | null): void {
    this.#channel.postMessage({ type: 'show', stage } satisfies ScreenMessage);
  }
}

/** The other screen's end: hears what to show from now on; returns the function that ends it. */
export function listenToMain(username: string, show: (stage: ToldStage | null) => void): () => void {
  const channel = channelOf(username);
  channel.onmessage = ({ data }: MessageEvent<ScreenMessage>) => data.type === 'show' && show(data.stage);
  channel.postMessage({ type: 'hello' } satisfies ScreenMessage);
  return () => channel.close();
}

/** Opens the other screen, or brings it to the front; `false` when the browser forbids it. */
export function openScreen(hash: string): boolean {
  return window.open(`${location.pathname}${location.search}${hash}`, 'countyread-screen', 'popup,width=1280,height=900') !== null;
}
