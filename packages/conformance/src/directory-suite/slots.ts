import type { Directory, DirectoryKind } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import type { DirectoryUnderTest } from '../drivers/store-driver.ts';
import type { SuiteCase } from '../suite/suite.ts';

export type DirectoryCase = SuiteCase<DirectoryUnderTest>;

export const directoryKinds: readonly DirectoryKind[] = [
  'keyDocument',
  'header',
  'ticket',
  'terms',
  'manifest',
  'recordList',
  'depositTag',
];
export const record: Hex = `0x${'ab'.repeat(32)}`;
export const person: Hex = `0x${'cd'.repeat(20)}`;

/** As plain bytes: an adapter may hand out a subclass. */
export async function read(directory: Directory, kind: DirectoryKind, id: Hex): Promise<readonly Uint8Array[]> {
  return (await directory.get(kind, id)).map((bytes) => Uint8Array.from(bytes));
}
