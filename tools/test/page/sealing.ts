import {
  openContent,
  parseHeader,
  sealContent,
  unwrapWith,
  verifyUmbralStanza,
} from '../../../packages/core/src/format.ts';
import { memoryStore } from '../../../packages/core/src/index.ts';
import { type Hex, toHex } from '../../../packages/protocol/src/index.ts';
import { decapsulateOriginal, publicKeyOf, secretKeyFromBytes } from '../../../packages/umbral/src/index.ts';

/** One key for both sides of the test. */
const secret = secretKeyFromBytes(new Uint8Array(32).fill(7));
const someone = `0x${'01'.repeat(20)}` as const;
const domain = `0x${'d0'.repeat(32)}` as const;

/** A sealed record in one piece: length of the header (4 bytes), header, payload. */
export async function sealBytes(content: Uint8Array): Promise<Uint8Array> {
  const store = memoryStore();
  const { header, blob } = await sealContent({
    domain,
    owner: someone,
    author: someone,
    compartment: `0x${'02'.repeat(32)}`,
    level: 'low',
    epoch: 1,
    content,
    mediaType: 'application/octet-stream',
    measuredAt: 0,
    store,
    deposit: { delegatingPublicKey: publicKeyOf(secret) },
  });
  const payload = store.blobs.get(blob.digest) ?? new Uint8Array();
  const sealed = new Uint8Array(4 + header.length + payload.length);
  new DataView(sealed.buffer).setUint32(0, header.length);
  sealed.set(header, 4);
  sealed.set(payload, 4 + header.length);
  return sealed;
}

/** What `sealBytes` sealed, in whichever runtime. */
export async function openBytes(sealed: Uint8Array): Promise<Uint8Array> {
  const end = 4 + new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  const [bytes, payload] = [sealed.slice(4, end), sealed.slice(end)];
  const header = parseHeader(bytes);
  const [stanza] = header.stanzas;
  const capsule = verifyUmbralStanza(stanza, publicKeyOf(secret), header);
  const dataKey = await unwrapWith(decapsulateOriginal(secret, capsule), stanza, header);
  const store = memoryStore();
  await store.put(one(payload));
  return (await openContent({ header: bytes, dataKey, store, domain })).bytes();
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same content in every runtime. */
export function testContent(size: number): Uint8Array {
  const content = new Uint8Array(size);
  let state = 1;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    content[index] = state >>> 24;
  }
  return content;
}

export async function sha256Of(bytes: Uint8Array): Promise<Hex> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))));
}
