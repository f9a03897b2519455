import { gzipSync } from 'node:zlib';

const BLOCK_SIZE = 512;

/**
 * Packs files into a `.tar.gz` whose bytes depend on names and contents alone (ustar, POSIX.1-1988: no times, no
 * owners), since the identifier of a chaincode package is the hash of its bytes.
 */
export function packTarGzip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, content] of Object.entries(files)) {
    const padding = (BLOCK_SIZE - (content.length % BLOCK_SIZE)) % BLOCK_SIZE;
    parts.push(tarHeader(name, content.length), content, new Uint8Array(padding));
  }
  parts.push(new Uint8Array(2 * BLOCK_SIZE));
  return gzipSync(Buffer.concat(parts));
}

function tarHeader(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(BLOCK_SIZE);
  header.write(name, 0, 100, 'ascii');
  header.write('0000644\0', 100, 'ascii');
  header.write('0000000\0', 108, 'ascii');
  header.write('0000000\0', 116, 'ascii');
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'ascii');
  header.write('00000000000\0', 136, 'ascii');
  // The checksum is the sum of the header's bytes with its own field taken as spaces.
  header.write('        ', 148, 'ascii');
  header.write('0', 156, 'ascii');
  header.write('ustar\u000000', 257, 'ascii');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}
