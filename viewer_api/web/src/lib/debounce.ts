export interface Debounced {
  (): void;
  cancel(): void;
}

/** Runs `action` once calls have stopped coming for `ms`, and at the latest `maxMs` after the first of them. */
export function debounce(action: () => void, ms: number, maxMs = Number.POSITIVE_INFINITY): Debounced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firstAt = 0;
  const run = (): void => {
    timer = undefined;
    action();
  };
  const call = (): void => {
    const now = Date.now();
    if (timer === undefined) firstAt = now;
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, Math.min(ms, firstAt + maxMs - now)));
  };
  call.cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return call;
}
