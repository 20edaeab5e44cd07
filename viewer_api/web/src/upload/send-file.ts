import { ApiError, problemOf } from '../api/problem.ts';
import type { UploadedFile } from './types.ts';

export interface Sending {
  path: string;
  file: Blob;
  /** Its own name: said in a header, since addresses are kept in logs and names may be patients'. */
  name: string;
  token: string | null;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/** PUTs one file and tells how far it is; `fetch` cannot tell that. */
export function sendFile({ path, file, name, token, onProgress, signal }: Sending): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    request.open('PUT', path);
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-File-Name', encodeURIComponent(name));
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => void answer(request).then(resolve, reject);
    request.onerror = () => reject(new ApiError({ status: 0, code: 'offline' }));
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) return reject(new DOMException('', 'AbortError'));
    signal.addEventListener('abort', stop);
    request.send(file);
  });
}

async function answer(request: XMLHttpRequest): Promise<UploadedFile> {
  const response = new Response(request.responseText || null, { status: request.status });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as UploadedFile;
}
