import { type FieldKind, kinds } from '@medseal/protocol';

/** Values that fit into the bytes of a kind and mean nothing. */
export const meaningless: Readonly<Partial<Record<FieldKind, readonly number[]>>> = {
  level: [0, 4, 255],
  roles: [0, 512, 65_535],
  flag: [2, 255],
};

/** Bytes that a field of this kind takes up, at the end of its word. */
export function widthOf(kind: FieldKind): number {
  const { solidity } = kinds[kind];
  if (solidity === 'bytes32') return 32;
  if (solidity === 'address') return 20;
  return solidity === 'bool' ? 1 : Number(/\d+$/.exec(solidity)?.[0]) / 8;
}
