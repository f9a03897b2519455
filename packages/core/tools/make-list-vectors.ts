import { existsSync, writeFileSync } from 'node:fs';
import { listVectors } from './list-vectors.ts';

// Makes `vectors/protocol/record-lists.json`, once: what it says must hold for ever.
const file = new URL('../../../vectors/protocol/record-lists.json', import.meta.url);
if (existsSync(file)) throw new Error('The vectors stand: they are never written again');
writeFileSync(file, `${JSON.stringify(listVectors(), undefined, 1)}\n`);
