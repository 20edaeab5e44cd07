import { t } from './i18n/index.ts';
import { perTab } from './lib/storage.ts';
import { notify } from './ui/notify.ts';

const RELOADED = 'countyread.reloaded';
const AGAIN_MS = 60_000;
const REGISTER_MS = 3000;

/** Keeps the application's files on this PC, and goes on with the new version where an old page misses one of its own. */
export function keepShell(): void {
  addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(perTab.get(RELOADED) ?? 0) < AGAIN_MS || !navigator.onLine) return;
    event.preventDefault();
    perTab.set(RELOADED, String(Date.now()));
    notify(t('app.update'));
    location.reload();
  });
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Without TLS a browser allows none but on this machine; then its own cache has to do.
  const register = (): void => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  addEventListener('load', () => setTimeout(register, REGISTER_MS), { once: true });
}
