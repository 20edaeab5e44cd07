/** For how long nobody has touched anything here: sessions end by it, though open pages go on asking the server. */

const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let touched = Date.now();

if (typeof addEventListener === 'function' && typeof document !== 'undefined') {
  const touch = (): void => void (touched = Date.now());
  TOUCHES.forEach((name) => addEventListener(name, touch, { passive: true, capture: true }));
}

/** Whole seconds. */
export function idleSeconds(now = Date.now()): number {
  return Math.max(0, Math.floor((now - touched) / 1000));
}
