import { type Hex, toHex } from '@medseal/protocol';
import type { Actor } from '../../src/actor/actor.ts';
import { submitAs } from '../../src/actor/submit-command.ts';
import { freshSalt } from '../../src/lib/random.ts';
import { headerDigest } from '../../src/seal/header.ts';
import type { Hospital } from '../hospital.ts';

/** The id of a use that the ledger applied, by a client that leaves out every check of its own. */
export async function useWithoutChecks(
  actor: Actor,
  { patient, grant, record, header }: { patient: Hex; grant: Hex; record: Hex; header: Uint8Array },
): Promise<Hex> {
  const fields = { type: 'useAccess', patient, grant, record, headerDigest: headerDigest(header) } as const;
  return (await submitAs(actor, { ...fields, actingPerson: toHex(freshSalt()) })).id;
}

/** What each proxy answers: `ok`, or the code of its refusal. */
export function askAll({ proxies }: Hospital, use: Hex, header: Uint8Array): Promise<string[]> {
  return Promise.all(
    proxies.map((proxy) =>
      proxy.reencrypt({ use, header }).then(
        () => 'ok',
        (error: unknown) => String((error as { code?: string }).code),
      ),
    ),
  );
}

export async function headerOf({ directory }: Hospital, record: Hex): Promise<Uint8Array> {
  const [header] = await directory.get('header', record);
  if (header === undefined) throw new Error('no header');
  return header;
}
