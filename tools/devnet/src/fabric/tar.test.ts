import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { packTarGzip } from './tar.ts';

test('tar unpacks what was packed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-tar-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = {
    'empty.txt': Buffer.alloc(0),
    'one-block.bin': Buffer.alloc(512, 7),
    'metadata.json': Buffer.from('{"type":"ccaas"}'),
  };
  execFileSync('tar', ['-xzf', '-', '-C', folder], { input: packTarGzip(files) });
  for (const [name, content] of Object.entries(files)) expect(readFileSync(join(folder, name))).toEqual(content);
});

test('the same files give the same bytes at any time', () => {
  const pack = (): Uint8Array => packTarGzip({ 'a.json': Buffer.from('{}') });
  expect(pack()).toEqual(pack());
  // RFC 1952 section 2.3.1: MTIME zero means that no time is given.
  expect(Buffer.from(pack()).readUInt32LE(4)).toBe(0);
  const header = gunzipSync(pack());
  expect(header.toString('ascii', 136, 147)).toBe('00000000000');
});
