import { keyStoreSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { stallFiles } from '../../test/stalled-files.ts';
import { testFolder } from '../../test/test-folder.ts';
import { fileKeyStore } from './file-key-store.ts';

testSuite('fileKeyStore', keyStoreSuite, async () => ({
  name: 'fileKeyStore',
  create: async () => {
    const folder = await testFolder();
    const open = () => fileKeyStore({ directory: folder.path, passphrase: 'the hospital’s own', logN: 14 });
    const keyStore = open();
    return {
      keyStore,
      reopen: async () => open(),
      stall: stallFiles,
      cutOff: () => folder.cutOff(),
      atRest: () => folder.contents(),
      [Symbol.asyncDispose]: async () => {
        await keyStore[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));
