import { cache, Enums, imageLoader, type Types } from '@cornerstonejs/core';

import type { Images } from './prefetch.ts';

/** Images in Cornerstone's cache, which come after what a viewport asks for. */
export const decoded: Images = {
  isLoaded: (imageId) => cache.isLoaded(imageId),
  load: (imageId): Promise<Types.IImage> => imageLoader.loadAndCacheImage(imageId, { requestType: Enums.RequestType.Prefetch, priority: 0 } as never),
};
