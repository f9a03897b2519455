import type { MirrorParts } from './mirror-parts.ts';
import { wakeDebts } from './pay-debts.ts';
import { removeDeleted } from './remove-object.ts';
import { restoreObject } from './repair-object.ts';
import type { RepairEvent } from './repair-queue.ts';
import { type CopiesToScrub, type MirrorReport, type MirrorScrubOptions, scrubCopies } from './scrub-copies.ts';

/** Scrubs what it is told or what the mirror knows, and what copies were to delete; then all debts are tried again. */
export async function scrubMirror(
  parts: MirrorParts,
  options: MirrorScrubOptions,
  onEvent: (event: RepairEvent) => void,
): Promise<MirrorReport> {
  const { copies, debts, known, settings } = parts;
  const to: CopiesToScrub = {
    copies,
    timeout: settings.timeout,
    deleted: () => debts.all().flatMap(({ ref }) => (debts.isDeleted(ref.digest) ? [ref] : [])),
    isDeleted: (digest) => debts.isDeleted(digest),
    restore: async (copy, ref, signal) => {
      await restoreObject(parts, copy, ref, signal);
      onEvent({ copy: copy.name, digest: ref.digest, task: 'restore', outcome: 'done' });
    },
    remove: (copy, ref, signal) => removeDeleted(parts, copy, ref, signal),
  };
  const report = await scrubCopies(to, options.refs ?? known.all(), options);
  wakeDebts(parts, { resting: true });
  return report;
}
