import { secp256k1_hasher } from '@noble/curves/secp256k1.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { U } from './parameters.ts';

it('U is the hash to the curve of POINT_U under the tag PARAMETERS', () => {
  const hashed = secp256k1_hasher.hashToCurve(utf8ToBytes('POINT_U'), { DST: 'PARAMETERS' });
  expect(hashed.toBytes()).toEqual(U.toBytes());
});
