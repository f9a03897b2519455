import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { pemSigner } from './pem-signer.ts';

const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function pem(namedCurve: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey, text: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

test('signs with low s, in strict DER', async () => {
  const { publicKey, text } = pem('prime256v1');
  const sign = pemSigner(text);
  for (let i = 0; i < 50; i++) {
    const message = Buffer.from(`message ${i}`);
    const signature = Buffer.from(await sign(message));
    expect(verify('sha256', message, publicKey, signature)).toBe(true);
    const sOffset = 4 + (signature[3] ?? 0);
    const s = signature.subarray(sOffset + 2);
    expect(s).toHaveLength(signature[sOffset + 1] ?? 0);
    expect(BigInt(`0x${s.toString('hex')}`) <= half).toBe(true);
  }
});

test('refuses a key on another curve', () => {
  expect(() => pemSigner(pem('secp384r1').text)).toThrow(RangeError);
});
