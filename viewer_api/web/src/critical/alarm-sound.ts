const TONES_HZ = [880, 1175, 880];
const TONE_S = 0.22;
const PAUSE_MS = 4000;

/** Three tones every few seconds. A browser lets a page sound only after a click: {@link allow} is called from one. */
export class AlarmSound {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  get isAllowed(): boolean {
    return this.#context !== null;
  }

  async allow(): Promise<void> {
    this.#context ??= new AudioContext();
    await this.#context.resume();
    this.#play();
  }

  /** Sounds while `on`, once it is allowed. */
  ring(on: boolean): void {
    if (on && this.#timer === undefined) this.#timer = setInterval(() => this.#play(), PAUSE_MS);
    if (!on) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #play(): void {
    const context = this.#context;
    if (context === null || this.#timer === undefined) return;
    TONES_HZ.forEach((frequency, number) => {
      const tone = new OscillatorNode(context, { frequency });
      const volume = new GainNode(context, { gain: 0.25 });
      tone.connect(volume).connect(context.destination);
      tone.start(context.currentTime + number * TONE_S);
      tone.stop(context.currentTime + (number + 0.85) * TONE_S);
    });
  }
}
