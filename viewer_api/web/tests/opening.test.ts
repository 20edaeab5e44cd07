import { readFile } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { freedDecoders } from '../build/freed-decoders.ts';
import type { Task } from '../src/api/types.ts';
import { forgetViews, keepView, seenTask } from '../src/worklist/last-view.ts';

describe('freed decoders', () => {
  const path = 'node_modules/@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/decodeHTJ2K.js';
  const transform = freedDecoders().transform as unknown as (code: string, id: string) => { code: string } | null;

  it('frees the decoder of the frame before in the loader that is installed', async () => {
    const code = await readFile(path, 'utf8');
    const changed = transform(code, `/any/${path}`)!.code;
    expect(changed).toMatch(/local\.decoder\?\.delete\(\);\s+const decoder = \(local\.decoder = new/);
    expect(code).toContain('imageFrame.set(');
    expect(changed).not.toContain('imageFrame');
  });

  it('stops the build when the loader has changed, and leaves other files alone', () => {
    expect(() => transform('const other = 1;', `/any/${path}`)).toThrow();
    expect(transform('const decoder = new local.codec.HTJ2KDecoder();', '/any/other.js')).toBeNull();
  });
});

describe('a task of a list', () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
  });
  afterEach(() => {
    forgetViews();
    vi.unstubAllGlobals();
  });

  it('is found again by its number, by who has seen it alone', () => {
    keepView('li', 'worklist', [{ id: 7, study_instance_uid: '1.2.3' } as Task]);
    keepView('li', 'mine', [{ id: 8, study_instance_uid: '1.2.4' } as Task]);
    expect(seenTask('li', 8)?.study_instance_uid).toBe('1.2.4');
    expect(seenTask('li', 9)).toBeNull();
    expect(seenTask('wang', 7)).toBeNull();
  });
});
