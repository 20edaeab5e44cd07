import type { OpenStackView } from './stack-view.ts';

const PATIENCE_MS = 2000;
const PAINT_MS = 50;

type Engine = typeof import('./engine/index.ts');

let loading: Promise<Engine> | null = null;
let first: Promise<unknown> = Promise.resolve();

/** Something that can be seen sooner. The engine, whose start keeps the processor busy for a second, comes after it. */
export function showFirst(shown: Promise<unknown>): void {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const painted = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAINT_MS));
  first = Promise.race([shown.then(painted, () => undefined), patience]);
}

/** The engine, a megabyte of script; loaded once. */
function engine(): Promise<Engine> {
  if (loading === null) {
    loading = first.then(() => import('./engine/index.ts'));
    loading.catch(() => (loading = null));
  }
  return loading;
}

export const openStackView: OpenStackView = async (element, changed) => (await engine()).openView(element, changed);

/** Starts loading the engine ahead of the first image. */
export function warmUp(): void {
  void engine().then(({ initialise }) => initialise());
}
