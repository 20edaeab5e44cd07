import { t } from '../i18n/index.ts';

const BLINK_MS = 1000;

/** The title of the tab blinks while something waits, so that it is seen from another tab. */
export class AlarmTitle {
  #timer: ReturnType<typeof setInterval> | undefined;

  ring(on: boolean): void {
    if (on && this.#timer === undefined) {
      this.#timer = setInterval(() => this.#blink(), BLINK_MS);
      this.#blink();
    }
    if (!on && this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      document.title = t('app.name');
    }
  }

  #blink(): void {
    const alarm = t('critical.alarm.blink');
    document.title = document.title === alarm ? t('app.name') : alarm;
  }
}
