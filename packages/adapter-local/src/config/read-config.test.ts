import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failure, testFolder } from '../../test/test-folder.ts';
import { readConfig } from './read-config.ts';

async function read(content: string): Promise<unknown> {
  await using folder = await testFolder();
  const file = join(folder.path, 'medseal.json');
  await writeFile(file, content);
  const config = await readConfig(file);
  return JSON.parse(JSON.stringify(config).replaceAll(folder.path, '/folder'));
}

it('lets relative paths start from the folder of the file, or from its base', async () => {
  expect(await read('{"ledger":{"use":"local"}}')).toEqual({ ledger: { use: 'local' }, base: '/folder' });
  expect(await read('\uFEFF{"base":"./data"}')).toEqual({ base: '/folder/data' });
  expect(await read('{"base":"/srv"}')).toEqual({ base: '/srv' });
  expect(await read('{"base":7}')).toEqual({ base: 7 });
});

it.each(['[]', '7', 'null', '"text"'])('refuses JSON that is no object: %s', async (json) => {
  expect(await failure(read(json))).toMatchObject({ code: 'INVALID_CONFIG', issues: [{ allowed: 'a JSON object' }] });
});

it.each([
  ['{\n  "a": hunter2\n}', 'line 2, column 8'],
  ['{"key": "hunter2"', 'line 1, column 18'],
  ['{"key": "hunter2', 'line 1, column 9'],
  ['{"key": "hunter2" "hunter2"}', 'line 1, column 19'],
  ['{"key": "hunter2"} // hunter2', 'line 1, column 20'],
  ['', 'line 1, column 1'],
])('tells where text stops being JSON, and nothing of it: %j', async (json, place) => {
  const error = await failure(read(json));
  expect(error).toMatchObject({ issues: [{ found: `text that stops being JSON at ${place}` }] });
  expect((error as Error).cause).toBeUndefined();
  expect(String(error)).not.toContain('hunter2');
});

it('tells a file that is not there as the system does', async () => {
  expect(await failure(readConfig('/no/such/file.json'))).toMatchObject({ code: 'ENOENT' });
});
