import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { inPieces, PIECE, readAll, type StoreCase } from './blobs.ts';

/** A source that fails. */
export const failedPutCases: readonly StoreCase[] = [
  ...[0, 1, 40].map((pieces): StoreCase => ({
    name: `leaves nothing visible when its source fails after ${pieces} pieces`,
    run: async (tested) => {
      const before = await tested.store.put(inPieces(bytesOf(50, 12)));
      const failure = new Error('the source failed');
      async function* failing(): AsyncGenerator<Uint8Array> {
        for (let piece = 0; piece < pieces; piece++) yield bytesOf(PIECE, piece);
        throw failure;
      }
      await expectRejection(tested.store.put(failing()), failure, 'a put whose source fails');
      expectEqual((await tested.objects()).length, 1, 'objects at the backend');
      expectEqual(await readAll(tested, before), bytesOf(50, 12), 'the object of before');
    },
  })),

  {
    name: 'leaves nothing visible when its caller cannot give the digest',
    run: async (tested) => {
      const failure = new Error('no digest');
      const digest = (): never => {
        throw failure;
      };
      const put = tested.store.put(inPieces(bytesOf(1000, 26)), { digest });
      await expectRejection(put, failure, 'a put whose digest fails');
      expectEqual(await tested.objects(), [], 'the objects at the backend');
    },
  },
];
