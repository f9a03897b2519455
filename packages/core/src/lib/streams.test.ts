import { describe, expect, it } from 'vitest';
import { rejection } from '../../test/sealed-record.ts';
import { abortable } from './abort.ts';
import { collectBytes, type Content, toByteStream, toReadableStream } from './byte-stream.ts';
import { digesting, sha256Hex } from './digest.ts';

async function* pieces(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size).fill(size);
}

/** A source that tells whether it was ended, and can hang. */
function watched(hang = false): { source: AsyncIterable<Uint8Array>; ended: () => boolean } {
  let ended = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield Uint8Array.of(1);
      if (hang) await new Promise(() => {});
      yield Uint8Array.of(2);
    } finally {
      ended = true;
    }
  }
  return { source: source(), ended: () => ended };
}

describe('toByteStream', () => {
  it.each<readonly [string, () => Content]>([
    ['bytes', () => Uint8Array.of(1, 2, 3)],
    ['a Buffer', () => Buffer.from([1, 2, 3])],
    ['a blob', () => new Blob([Uint8Array.of(1, 2), Uint8Array.of(3)])],
    ['a stream', () => new Blob([Uint8Array.of(1, 2, 3)]).stream()],
    [
      'an async iterable',
      async function* (): AsyncGenerator<Uint8Array> {
        yield Uint8Array.of(1);
        yield Uint8Array.of(2, 3);
      },
    ],
  ])('reads %s', async (_, content) => {
    expect(await collectBytes(toByteStream(content()))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it.each([
    ['a string', 'abc'],
    ['null', null],
    ['an array', [1, 2]],
    ['a number', 7],
  ])('refuses %s', async (_, content) => {
    await expect(collectBytes(toByteStream(content as unknown as Content))).rejects.toThrow(TypeError);
  });

  it('refuses a stream of strings', async () => {
    const stream = new ReadableStream({
      start(controller): void {
        controller.enqueue('text');
        controller.close();
      },
    });
    await expect(collectBytes(toByteStream(stream))).rejects.toThrow(TypeError);
  });

  it('cancels a stream that it does not read to the end', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Uint8Array.of(1)),
      cancel(): void {
        cancelled = true;
      },
    });
    for await (const piece of toByteStream(stream)) {
      expect(piece).toEqual(Uint8Array.of(1));
      break;
    }
    expect(cancelled).toBe(true);
    expect(stream.locked).toBe(false);
  });
});

describe('toReadableStream', () => {
  it('reads its source only when it is read, ends it when cancelled, and passes errors on', async () => {
    let asked = 0;
    async function* counting(): AsyncGenerator<Uint8Array> {
      for (;;) yield Uint8Array.of(asked++);
    }
    const stream = toReadableStream(counting());
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(asked).toBe(0);
    const reader = stream.getReader();
    expect((await reader.read()).value).toEqual(Uint8Array.of(0));

    const { source, ended } = watched();
    const cancelled = toReadableStream(source);
    const other = cancelled.getReader();
    await other.read();
    await other.cancel();
    expect(ended()).toBe(true);

    const failure = new Error('no more');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      throw failure;
    }
    expect(await rejection(collectBytes(toByteStream(toReadableStream(failing()))))).toBe(failure);
  });
});

describe('abortable', () => {
  it('passes everything on when nothing happens', async () => {
    expect(await collectBytes(abortable(pieces(1, 2), undefined))).toHaveLength(3);
    expect(await collectBytes(abortable(pieces(1, 2), new AbortController().signal))).toHaveLength(3);
  });

  it('ends a source that hangs', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const reading = (async (): Promise<void> => {
      for await (const piece of abortable(watched(true).source, abort.signal)) {
        seen.push(piece.length);
        setTimeout(() => abort.abort(reason), 0);
      }
    })();
    expect(await rejection(reading)).toBe(reason);
    expect(seen).toEqual([1]);
  });

  it('does not begin when aborted before, and ends its source between pieces', async () => {
    const reason = new Error('enough');
    expect(await rejection(collectBytes(abortable(pieces(1), AbortSignal.abort(reason))))).toBe(reason);
    const abort = new AbortController();
    const { source, ended } = watched();
    const reading = (async (): Promise<void> => {
      for await (const piece of abortable(source, abort.signal)) if (piece.length > 0) abort.abort(reason);
    })();
    expect(await rejection(reading)).toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(ended()).toBe(true);
  });
});

describe('digesting', () => {
  it('passes the stream on, and tells digest and size only at its end', async () => {
    const digested = digesting(pieces(3, 0, 5));
    const seen: Uint8Array[] = [];
    for await (const piece of digested.stream) {
      expect(digested.result()).toBeUndefined();
      seen.push(piece);
    }
    const whole = Buffer.concat(seen);
    expect(digested.result()).toEqual({ digest: sha256Hex(whole), size: 8 });
  });
});
