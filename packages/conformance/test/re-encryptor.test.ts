import { nobleBackend } from '@medseal/umbral';
import { addonBackend } from '@medseal/umbral/native';
import { reEncryptorSuite } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';
import { umbralDriver } from './umbral-re-encryptor.ts';

for (const backend of [nobleBackend, addonBackend])
  testSuite(`Umbral on ${backend.name}`, reEncryptorSuite, async () => umbralDriver(backend));
