import { readFile } from 'node:fs/promises';

/** Where elements lie in `data/ct-small.dcm`, a CT slice of 128 × 128 pixels of 16 bits in explicit little endian. */
const ROWS_AT = 3264;
const PIXEL_DATA_AT = 6288;
const ELEMENT_HEADER = 12;
const FRAME_BYTES = 128 * 128 * 2;

export interface LargeDicom {
  /** Bytes of the whole file. */
  readonly size: number;
  /** The file in pieces; may be read again. */
  content(): AsyncGenerator<Uint8Array>;
}

/**
 * A multi-frame DICOM file of about `bytes` bytes, never less: the real header of a CT slice, the number of frames, and
 * as many frames made from the slice's own pixels. Nothing of it is kept in memory but one frame.
 *
 * @throws RangeError when the pixel data would not fit the 32-bit length of its element.
 */
export async function largeDicom(bytes: number): Promise<LargeDicom> {
  const slice = await readFile(new URL('../data/ct-small.dcm', import.meta.url));
  const frames = Math.max(1, Math.ceil((bytes - PIXEL_DATA_AT) / FRAME_BYTES));
  const pixels = frames * FRAME_BYTES;
  if (!Number.isSafeInteger(pixels) || pixels >= 0xffff_ffff)
    throw new RangeError('A DICOM element holds less than 4 GiB of pixels');
  const header = Buffer.concat([
    slice.subarray(0, ROWS_AT),
    numberOfFrames(frames),
    slice.subarray(ROWS_AT, PIXEL_DATA_AT),
    pixelDataHeader(pixels),
  ]);
  const first = slice.subarray(PIXEL_DATA_AT + ELEMENT_HEADER, PIXEL_DATA_AT + ELEMENT_HEADER + FRAME_BYTES);
  async function* content(): AsyncGenerator<Uint8Array> {
    yield header;
    for (let frame = 0; frame < frames; frame++) yield turned(first, frame);
  }
  return { size: header.length + pixels, content };
}

/** Element (0028,0008), an integer string of even length. */
function numberOfFrames(frames: number): Buffer {
  const text = String(frames);
  const value = Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1');
  const element = Buffer.alloc(8);
  element.writeUInt16LE(0x0028, 0);
  element.writeUInt16LE(0x0008, 2);
  element.write('IS', 4, 'latin1');
  element.writeUInt16LE(value.length, 6);
  return Buffer.concat([element, value]);
}

/** Element (7FE0,0010) of 16-bit words, up to its value. */
function pixelDataHeader(pixels: number): Buffer {
  const element = Buffer.alloc(ELEMENT_HEADER);
  element.writeUInt16LE(0x7fe0, 0);
  element.writeUInt16LE(0x0010, 2);
  element.write('OW', 4, 'latin1');
  element.writeUInt32LE(pixels, 8);
  return element;
}

/** The slice moved on by as many rows as the frame's number says, so that no two frames in a row are alike. */
function turned(pixels: Uint8Array, frame: number): Uint8Array {
  const cut = (frame * 256) % FRAME_BYTES;
  const turn = new Uint8Array(FRAME_BYTES);
  turn.set(pixels.subarray(cut), 0);
  turn.set(pixels.subarray(0, cut), FRAME_BYTES - cut);
  return turn;
}
