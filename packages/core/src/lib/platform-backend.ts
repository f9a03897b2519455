import type { CryptoBackend } from './crypto-backend.ts';
import { nodeBackend } from './node-backend.ts';
import { webBackend } from './web-backend.ts';

let found: CryptoBackend | undefined;

/** Node's own cryptography where there is one, WebCrypto otherwise. */
export function platformBackend(): CryptoBackend {
  found ??= nodeBackend() ?? webBackend();
  return found;
}
