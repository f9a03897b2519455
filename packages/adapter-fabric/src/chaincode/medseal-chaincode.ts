import { isHex, PROTOCOL_VERSION } from '@medseal/protocol';
import type { ChaincodeInterface, ChaincodeResponse } from 'fabric-shim';
import { calledChaincode } from './called-chaincode.ts';
import { RefusalError } from './refusal-error.ts';
import { createGenesis, parseAuthority, parseGenesis, type StoredGenesis } from './stored-genesis.ts';
import type { Stub } from './stub.ts';
import { parseWireArgument, type Place, submit } from './submit.ts';

export interface ChaincodeOptions {
  /** Ledger time of a transaction, whole seconds. Throws {@link RefusalError} where it cannot be trusted. */
  readonly timeOf: (stub: Stub) => number;
  /** Which of several ledgers in one chaincode a call means: for tests. By default there is one, and the scope is empty. */
  readonly scopeOf?: (stub: Stub) => string;
}

const GENESIS_KEY = 'genesis';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The chaincode: keeps genesis and state, runs the rules of `@medseal/protocol`, emits entries.
 *
 * `initialise(authority JSON, genesis block hash)` once, then `submit(wire as hex)`; to evaluate: `genesis()`,
 * `state(path)`, `time()`, `protocolVersion()`.
 */
export function medsealChaincode({ timeOf, scopeOf = () => '' }: ChaincodeOptions): ChaincodeInterface {
  const call = (stub: Stub): Promise<Uint8Array | string> | Uint8Array | string => {
    const place: Place = { stub, scope: scopeOf(stub) };
    const { fcn, params } = stub.getFunctionAndParameters();
    switch (fcn) {
      case 'initialise':
        return initialise(place, params);
      case 'submit':
        return submitCommand(place, params, timeOf(stub));
      case 'genesis':
        return readGenesis(place).then((genesis) => JSON.stringify(genesis));
      case 'state':
        return stub.getState(place.scope + (params[0] ?? ''));
      case 'time':
        return String(timeOf(stub));
      case 'protocolVersion':
        return String(PROTOCOL_VERSION);
      default:
        throw new RefusalError({ fault: 'BAD_CALL' });
    }
  };
  return {
    Init: () => Promise.resolve(success(new Uint8Array())),
    Invoke: async (stub) => {
      try {
        const payload = await call(stub);
        return success(typeof payload === 'string' ? encoder.encode(payload) : payload);
      } catch (error) {
        // Whatever else went wrong is named, not described: a message might carry content.
        const refusal = error instanceof RefusalError ? error : new RefusalError({ fault: 'INTERNAL' });
        return { status: 500, message: refusal.message };
      }
    },
  };
}

async function initialise({ stub, scope }: Place, [authority = '', genesisBlockHash]: string[]): Promise<string> {
  const key = scope + GENESIS_KEY;
  if ((await stub.getState(key)).length > 0) throw new RefusalError({ fault: 'ALREADY_INITIALISED' });
  if (!isHex(genesisBlockHash, 32)) throw new RefusalError({ fault: 'BAD_CALL' });
  const genesis = JSON.stringify(
    createGenesis({
      authority: wellFormed(() => parseAuthority(authority)),
      channel: stub.getChannelID(),
      chaincode: scope + calledChaincode(stub),
      genesisBlockHash,
      transaction: stub.getTxID(),
    }),
  );
  await stub.putState(key, encoder.encode(genesis));
  return genesis;
}

async function submitCommand(place: Place, [wire]: string[], time: number): Promise<string> {
  const genesis = await readGenesis(place);
  if (place.scope + calledChaincode(place.stub) !== genesis.chaincode)
    throw new RefusalError({ fault: 'INDIRECT_CALL' });
  return submit(place, genesis, parseWireArgument(wire), time);
}

async function readGenesis({ stub, scope }: Place): Promise<StoredGenesis> {
  const bytes = await stub.getState(scope + GENESIS_KEY);
  if (bytes.length === 0) throw new RefusalError({ fault: 'NOT_INITIALISED' });
  return parseGenesis(decoder.decode(bytes));
}

function wellFormed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw new RefusalError({ fault: 'BAD_CALL' });
    throw error;
  }
}

function success(payload: Uint8Array): ChaincodeResponse {
  return { status: 200, payload };
}
