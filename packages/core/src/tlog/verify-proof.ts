import { type CommandId, decodeEntry, type EntryBody, type Genesis, verifyCommand } from '@medseal/protocol';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { parseProof } from './proof.ts';
import { leafHash } from './tree-hash.ts';
import { verifyInclusion } from './verify-inclusion.ts';
import { requireWitnesses, requireWitnessPolicy } from './witness-policy.ts';
import type { WitnessVerifier } from './witness-verifier.ts';

export interface VerifyProofOptions {
  /** Keys of the log. */
  readonly verifiers: readonly NoteVerifier[];
  readonly witnesses?: readonly WitnessVerifier[] | undefined;
  /** How many of the witnesses must have cosigned; 0 by default. */
  readonly quorum?: number | undefined;
  /** Of the ledger that the proof must be from: whom its commands must be signed by. */
  readonly genesis: Genesis;
}

export interface ProvenEntry {
  readonly entry: EntryBody;
  readonly id: CommandId;
  /** Place in the log, from 0. */
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Checks what `Ledger.prove` gave, offline: signatures of log and witnesses, that the entry stands in the tree, and that
 * its command is signed as the ledger's rules ask. It does not say that the rules of the ledger allowed the command; for
 * that the log must be read from its beginning. Compare `id` with that of the command in question.
 *
 * @throws RangeError for a quorum that the witnesses can not reach; MalformedObjectError; UnverifiedLogError naming what
 *   does not hold.
 */
export function verifyProof(
  bytes: Uint8Array,
  { verifiers, witnesses = [], quorum = 0, genesis }: VerifyProofOptions,
): ProvenEntry {
  const policy = { witnesses, quorum };
  requireWitnessPolicy(policy);
  const { entry: leaf, index, hashes, checkpoint: note } = parseProof(bytes);
  const checkpoint = openCheckpoint(note, verifiers);
  requireWitnesses(note, policy);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ leaf: leafHash(leaf), index, size, root, proof: hashes }))
    throw new UnverifiedLogError('inclusion');
  const entry = readEntry(leaf);
  const verification = verifyCommand(entry.wire, genesis);
  if ('outcome' in verification) throw new UnverifiedLogError('command');
  return { entry, id: verification.id, index, checkpoint };
}

function readEntry(bytes: Uint8Array): EntryBody {
  try {
    return decodeEntry(bytes);
  } catch (cause) {
    throw new UnverifiedLogError('entry', { cause });
  }
}
