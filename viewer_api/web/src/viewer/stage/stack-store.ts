import { earlySeries } from '../../reading/early.ts';
import { api } from '../../session.ts';
import { frameStack, type FrameStack } from '../frames.ts';

/** Stacks by series, each asked for once however many cells show it. */
export class StackStore {
  readonly #stacks = new Map<string, Promise<FrameStack>>();

  stackOf(study: string, series: string): Promise<FrameStack> {
    const known = this.#stacks.get(series);
    if (known !== undefined) return known;
    const loading = (earlySeries.take(series) ?? api.seriesMetadata(study, series)).then((instances) => frameStack(study, series, instances));
    this.#stacks.set(series, loading);
    loading.catch(() => this.#stacks.delete(series));
    return loading;
  }
}
