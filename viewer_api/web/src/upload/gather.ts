/** A file with the folders that it lies in. */
export interface Found {
  file: File;
  name: string;
}

const NOISE = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** What the person has chosen with a file dialog. */
export function chosen(files: Iterable<File>): Found[] {
  return [...files].map((file) => ({ file, name: file.webkitRelativePath || file.name })).filter(isWanted);
}

/** What was dropped: files, and everything inside folders. */
export async function dropped(transfer: DataTransfer): Promise<Found[]> {
  // The entries have to be taken before the first wait: the browser forgets them when the event is over.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return chosen(transfer.files);
  const found: Found[] = [];
  for (const entry of entries) if (entry !== null) await walk(entry, '', found);
  return found.filter(isWanted);
}

async function walk(entry: FileSystemEntry, folder: string, found: Found[]): Promise<void> {
  const name = `${folder}${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, name });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // Chromium gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, `${name}/`, found);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isWanted({ file }: Found): boolean {
  return !NOISE.has(file.name);
}
