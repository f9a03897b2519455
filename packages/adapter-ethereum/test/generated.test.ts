import { expect, test } from 'vitest';
import { compileContracts, generateArtifact, readSources } from '../tools/compile.ts';
import { findDrift } from '../tools/generated-files.ts';
import { generateFiles } from '../tools/generate.ts';
import { artifact } from '../src/generated/artifact.ts';

const COMPILE_TIMEOUT = 120_000;
const SIZE_LIMIT = 24_576;

test('the generated sources follow from the protocol', async () => {
  expect(await findDrift(await generateFiles())).toEqual([]);
});

test('drift is noticed', async () => {
  expect(await findDrift({ 'src/generated/layout.ts': 'something else', 'no/such/file.ts': '' })).toEqual([
    'src/generated/layout.ts',
    'no/such/file.ts',
  ]);
});

test('the committed artefact follows from the contract', { timeout: COMPILE_TIMEOUT }, async () => {
  expect(await findDrift(await generateArtifact(await compileContracts()))).toEqual([]);
});

test(
  'an overridden source changes the byte code, and an error in it is told',
  { timeout: COMPILE_TIMEOUT },
  async () => {
    const { 'modules/Registry.sol': registry = '' } = await readSources();
    const changed = registry.replace('version: 1', 'version: 2');
    expect(changed).not.toBe(registry);
    const mutant = await compileContracts({ 'modules/Registry.sol': changed }, { quick: true });
    expect(mutant.bytecode).not.toBe((await compileContracts({}, { quick: true })).bytecode);
    expect(mutant.slots).toEqual(artifact.slots);
    await expect(compileContracts({ 'modules/Registry.sol': 'contract {' }, { quick: true })).rejects.toThrow(
      SyntaxError,
    );
  },
);

test('the contract fits the size limit of the EVM', () => {
  expect(artifact.runtimeSize).toBeLessThan(SIZE_LIMIT);
});
