import { encodeEntry, type CommandId, fromHex, verifyCommand } from '@medseal/protocol';
import type { Ledger, LedgerEntry } from '../src/ports/ledger.ts';
import {
  addSignatures,
  type CheckpointSource,
  checkpointText,
  consistencyProof,
  ed25519NoteSigner,
  type Ed25519NoteSigner,
  encodeProof,
  type HashReader,
  inclusionProof,
  leafHash,
  noteVerifier,
  type NoteVerifier,
  signNote,
  subtreesCompletedBy,
  treeRoot,
} from '../src/tlog.ts';

export const logKey: Ed25519NoteSigner = ed25519NoteSigner({
  name: 'example.org/log',
  secretKey: new Uint8Array(32).fill(7),
});
export const logVerifiers: readonly NoteVerifier[] = [noteVerifier(logKey.verifierKey)];

/** The log of a ledger without one, signed with `logKey`: what its operator would publish. */
export class SignedLog implements CheckpointSource {
  readonly #hashes = new Map<string, Uint8Array>();
  readonly #entries: LedgerEntry[] = [];
  #cosigned: string[] = [];

  readonly hash: HashReader = (level, index) => {
    const found = this.#hashes.get(`${level}/${index}`);
    if (found === undefined) throw new Error(`No subtree is complete at ${level}/${index}`);
    return found;
  };

  get size(): number {
    return this.#entries.length;
  }

  /** Takes in what the ledger has. */
  async grow(ledger: Ledger): Promise<void> {
    for await (const entry of ledger.entries({ after: this.#entries.at(-1)?.cursor })) {
      for (const { level, index, hash } of subtreesCompletedBy(this.size, leafHash(encodeEntry(entry)), this.hash))
        this.#hashes.set(`${level}/${index}`, hash);
      this.#entries.push(entry);
    }
  }

  checkpoint(size: number = this.size): string {
    return signNote(checkpointText({ origin: logKey.name, size, root: treeRoot(size, this.hash) }), [logKey]);
  }

  cosigned(): readonly string[] {
    return this.#cosigned;
  }

  /** Keeps a cosigned checkpoint, or the cosignatures of a further witness. */
  keep(note: string): void {
    const text = note.slice(0, note.lastIndexOf('\n\n') + 2);
    const before = this.#cosigned.find((kept) => kept.startsWith(text));
    const merged = before === undefined ? note : addSignatures(before, note.slice(text.length));
    this.#cosigned = [merged, ...this.#cosigned.filter((kept) => kept !== before)];
  }

  forget(): void {
    this.#cosigned = [];
  }

  consistency(from: number, to: number): readonly Uint8Array[] {
    return consistencyProof(from, to, this.hash);
  }

  prove(ledger: Ledger, id: CommandId, checkpoint: string = this.checkpoint()): Uint8Array {
    const size = Number(checkpoint.split('\n')[1]);
    const index = this.#entries.findIndex(({ wire }) => {
      const verified = verifyCommand(wire, ledger.genesis);
      return 'id' in verified && verified.id === id;
    });
    const entry = this.#entries[index];
    if (entry === undefined) throw new Error(`No entry has the id of ${fromHex(id).length} bytes`);
    return encodeProof({
      entry: encodeEntry(entry),
      index,
      hashes: inclusionProof(index, size, this.hash),
      checkpoint,
    });
  }
}
