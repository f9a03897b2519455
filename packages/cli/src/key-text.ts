import { UsageError } from './exit-codes.ts';

const PUBLIC = 'medseal-key-1:';
const SECRET = 'medseal-secret-key-1:';

/** One line of text for a public X25519 key. */
export function publicKeyText(publicKey: Uint8Array): string {
  return PUBLIC + Buffer.from(publicKey).toString('hex');
}

/** What a key file holds: a comment with the public key, and the secret key. */
export function keyFileText(publicKey: Uint8Array, secret: Uint8Array): string {
  return `# public key: ${publicKeyText(publicKey)}\n${SECRET}${Buffer.from(secret).toString('hex')}\n`;
}

/** @throws UsageError */
export function parsePublicKey(text: string): Uint8Array {
  if (!text.startsWith(PUBLIC)) throw new UsageError(`a recipient is a public key, ${PUBLIC}…`);
  return parseHex(text.slice(PUBLIC.length), 'the public key');
}

/** @throws UsageError */
export function parseKeyFile(text: string): Uint8Array {
  const lines = text.split('\n').map((line) => line.trim());
  const [secret, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (secret === undefined || others.length > 0 || !secret.startsWith(SECRET))
    throw new UsageError('the key file must hold one secret key, as keygen writes it');
  return parseHex(secret.slice(SECRET.length), 'the secret key');
}

/** 32 bytes of hexadecimal digits. @throws UsageError, which does not repeat the text */
export function parseHex(text: string, what: string): Uint8Array {
  const digits = text.trim();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new UsageError(`${what} must be 64 hexadecimal digits`);
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
