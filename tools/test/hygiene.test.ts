import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './repository.ts';

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
});
const files = listed.split('\0').filter((path) => path !== '' && existsSync(join(repository, path)));
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** In pieces, so that this file does not find itself. */
const pattern = (...alternatives: readonly (readonly string[])[]): RegExp =>
  new RegExp(alternatives.map((pieces) => pieces.join('')).join('|'));

const machinePath = pattern(
  [String.raw`(?<![\w.~-])/(root|home|Users|work)/`, String.raw`[\w.-]+`],
  [String.raw`[A-Z]:\\`, String.raw`Users\\`],
  [String.raw`(?<![\w.-])/tmp/`, String.raw`\w`],
);
const registryHost = pattern(
  [String.raw`registry\.`, String.raw`(npmjs|yarnpkg|npmmirror)\.`],
  ['npm', String.raw`\.pkg\.github\.com`],
  [String.raw`proxy\.`, String.raw`golang\.org`],
  ['arti', 'factory'],
);

const offenders = (rule: RegExp): readonly string[] =>
  files.flatMap((path) => {
    const found = rule.exec(read(path));
    return found === null ? [] : [`${path}: ${found[0]}`];
  });

describe('no file of the repository', () => {
  it('names a place on somebody’s machine', () => {
    expect(offenders(machinePath)).toEqual([]);
    const here = [repository.replace(/\/$/, ''), homedir()].filter((path) => path.length > 5);
    expect(files.filter((path) => here.some((place) => read(path).includes(place)))).toEqual([]);
  });

  it('names a package registry', () => {
    expect(offenders(registryHost)).toEqual([]);
  });

  it('tells pnpm where to download from', () => {
    expect(read('pnpm-lock.yaml')).toMatch(/integrity: sha512-/);
    expect(read('pnpm-lock.yaml')).not.toMatch(/https?:|tarball:|registry/);
    expect(files.filter((path) => /(^|\/)\.(npmrc|yarnrc(\.yml)?)$/.test(path))).toEqual([]);
  });
});

describe('the patterns', () => {
  it('find what they are for and leave alone what is like it', () => {
    for (const path of ['home/ada/x', 'root/go', 'Users/ada/x', 'tmp/a.ts', 'work/main'])
      expect(`see /${path}`).toMatch(machinePath);
    for (const text of ['packages/work/x', 'https://example.org/home/page', './tmp/x', '/homes/x', '/tmp']) {
      expect(text).not.toMatch(machinePath);
    }
    for (const host of [
      ['npmjs', 'org'],
      ['yarnpkg', 'com'],
    ])
      expect(`registry.${host.join('.')}`).toMatch(registryHost);
  });
});
