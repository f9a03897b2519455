import type { LocalLedger } from '@medseal/adapter-local';
import type { Ledger } from '@medseal/core';
import { type Stage, tell } from './stage.ts';

/** The ledger's own evidence, where it has some: the whole file is checked, up to the signed checkpoint. */
export async function verify(stage: Stage): Promise<void> {
  const { ledger } = stage.network;
  if (!isLocal(ledger)) return;
  stage.narrator.chapter('7  Evidence: the ledger’s file is checked from its first byte to its last');
  await tell(
    stage,
    'Tree, signatures, rules and state of the ledger are verified',
    () => ledger.verify({ onProgress: (done, all) => stage.narrator.progress(`${done} of ${all} entries verified`) }),
    ({ entries, root }) => `${entries} entries, root ${stage.narrator.id(root)}`,
  );
}

function isLocal(ledger: Ledger): ledger is LocalLedger {
  return 'verify' in ledger;
}
