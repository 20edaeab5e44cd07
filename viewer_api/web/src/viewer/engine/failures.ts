import type { ImageError } from '../stack-view.ts';

/** What went wrong with a frame, from whatever the loader threw: a request, an error, or one inside another. */
export function kindOf(error: unknown): ImageError {
  const inner = (error as { error?: unknown } | null)?.error ?? error;
  const status = (inner as { status?: number } | null)?.status ?? statusIn(inner);
  if (status === 404 || status === 410) return 'missing';
  return status !== undefined || /failed to fetch|network/i.test(textOf(inner)) ? 'network' : 'decode';
}

function statusIn(error: unknown): number | undefined {
  const match = /status (\d{3})/.exec(textOf(error));
  return match ? Number(match[1]) : undefined;
}

function textOf(error: unknown): string {
  return String((error as Error | null)?.message ?? error);
}
