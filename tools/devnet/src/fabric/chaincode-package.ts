import { createHash } from 'node:crypto';
import { packTarGzip } from './tar.ts';

export interface ChaincodePackage {
  readonly bytes: Uint8Array;
  /** `label:sha256(bytes)`, as every peer computes it. */
  readonly id: string;
}

/** Packs the address of a chaincode server, in the form that the peer's `ccaas` builder accepts. */
export function packChaincode(label: string, address: string): ChaincodePackage {
  const code = packTarGzip({
    'connection.json': json({ address, dial_timeout: '10s', tls_required: false }),
  });
  const bytes = packTarGzip({ 'metadata.json': json({ type: 'ccaas', label }), 'code.tar.gz': code });
  return { bytes, id: `${label}:${createHash('sha256').update(bytes).digest('hex')}` };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
