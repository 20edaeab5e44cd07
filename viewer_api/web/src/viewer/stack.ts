import type { OpenStackView } from './stack-view.ts';

/** Loads the engine, a megabyte of script, when the first image is wanted. */
export const openStackView: OpenStackView = async (element, changed) => {
  const { openView } = await import('./engine/index.ts');
  return openView(element, changed);
};

/** Starts loading the engine ahead of the first image. */
export function warmUp(): void {
  void import('./engine/index.ts').then(({ initialise }) => initialise());
}
