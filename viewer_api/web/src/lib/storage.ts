/** Browser storage that never throws: private windows and full disks lose the memory, not the page. */
export interface TextStorage {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

function wrap(open: () => Storage): TextStorage {
  return {
    get(key) {
      try {
        return open().getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) open().removeItem(key);
        else open().setItem(key, value);
      } catch {
        // Nothing to do: the server holds the truth.
      }
    },
  };
}

export const lasting: TextStorage = wrap(() => localStorage);
export const perTab: TextStorage = wrap(() => sessionStorage);

/** Names of what this PC keeps that begin so. */
export function lastingKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
