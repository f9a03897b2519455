import { concat } from '@medseal/protocol';

/** What an application may hand over as content. It is read once, and in pieces. */
export type Content = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Bytes of the content; `undefined` where only reading it tells. */
export function sizeOf(content: Content): number | undefined {
  if (content instanceof Uint8Array) return content.length;
  return content instanceof Blob ? content.size : undefined;
}

/** One stream of bytes for every form of content. Throws `TypeError` where the content, or a piece of it, is not bytes. */
export async function* toByteStream(content: Content): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces(content)) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('Content must consist of Uint8Array');
    yield piece;
  }
}

function pieces(content: Content): AsyncIterable<unknown> | Iterable<unknown> {
  if (content instanceof Uint8Array) return [content];
  if (content instanceof Blob) return readStream(content.stream());
  if (content instanceof ReadableStream) return readStream(content);
  if (typeof content === 'object' && content !== null && Symbol.asyncIterator in content) return content;
  throw new TypeError('Content must be a Uint8Array, a Blob, a ReadableStream or an async iterable');
}

/** Not every browser can iterate a `ReadableStream`. Ending early cancels it. */
async function* readStream(stream: ReadableStream<unknown>): AsyncGenerator {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

/**
 * Reads the source only as the stream is read; cancelling the stream ends the source.
 *
 * @param onCancel ends what the source has not begun to read: a generator that never ran ends nothing
 */
export function toReadableStream(
  source: AsyncIterable<Uint8Array>,
  onCancel?: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller): Promise<void> {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel(): Promise<void> {
        await iterator.return?.();
        await onCancel?.();
      },
    },
    // Nothing is read, and no key is used, before somebody asks.
    { highWaterMark: 0 },
  );
}

export async function collectBytes(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const piece of source) collected.push(Uint8Array.from(piece));
  return concat(...collected);
}
