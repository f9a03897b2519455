/** Told how many bytes are done. */
export type OnProgress = (bytes: number) => void;

/** The source's pieces, unchanged; each is reported once its reader has come back for the next. */
export async function* reporting(
  source: AsyncIterable<Uint8Array>,
  onProgress: OnProgress | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    yield piece;
    bytes += piece.length;
    onProgress?.(bytes);
  }
}
