import { warmUp } from '../viewer/stack.ts';

let begun = false;

/**
 * Loads the page of cases, the engine of the images and its codec while a reader looks through his list, so that the first
 * case opens as quickly as the others.
 */
export function getReadyToRead(): void {
  if (begun) return;
  begun = true;
  whenIdle(() => void import('../pages/reading.ts').then(warmUp, () => (begun = false)));
}

function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 3000 });
  else setTimeout(run, 1000);
}
