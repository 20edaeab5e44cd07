import type { Plugin } from 'vite';

const DECODER = /dicom-image-loader\/dist\/esm\/shared\/decoders\/decodeHTJ2K\.js$/;
const MADE = /const decoder = new local\.codec\.HTJ2KDecoder\(\);/;
const COPIED = /const imageFrame = new Uint8Array\(decodedBufferInWASM\.length\);\s+imageFrame\.set\(decodedBufferInWASM\);/;

/**
 * The image loader makes a WebAssembly decoder for every HTJ2K frame and never frees one: the encoded and the decoded frame
 * stay in the worker's memory until the tab is closed (700 kB a CT slice). Each new decoder frees the one before. It also copies
 * each decoded frame once without use, which is left out.
 */
export function freedDecoders(): Plugin {
  return {
    name: 'freed-decoders',
    transform(code, id) {
      if (!DECODER.test(id)) return null;
      if (!MADE.test(code) || !COPIED.test(code)) throw new Error(`${id} does not make its decoder as it did: look whether it frees it now.`);
      const freed = code.replace(MADE, 'local.decoder?.delete();\n    const decoder = (local.decoder = new local.codec.HTJ2KDecoder());');
      return { code: freed.replace(COPIED, ''), map: null };
    },
  };
}
