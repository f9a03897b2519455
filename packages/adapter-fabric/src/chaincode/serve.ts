import { readFileSync } from 'node:fs';
import { type ChaincodeInterface, type ChaincodeServerOpts, Shim } from 'fabric-shim';

/**
 * Serves a chaincode to the peers, as the environment says: `CHAINCODE_ID`, `CHAINCODE_SERVER_ADDRESS` (`host:port`)
 * and for TLS the files `CHAINCODE_TLS_KEY_FILE`, `CHAINCODE_TLS_CERT_FILE`, `CHAINCODE_TLS_CLIENT_CA_FILE`.
 */
export async function serve(chaincode: ChaincodeInterface, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = env;
  if (ccid === undefined || address === undefined)
    throw new TypeError('The environment needs CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS');
  process.once('SIGTERM', () => process.exit(0));
  await Shim.server(chaincode, { ccid, address, ...tls(env) } as ChaincodeServerOpts).start();
}

// The type asks for TLS in any case; without it the shim serves plain TCP.
function tls(env: NodeJS.ProcessEnv): Partial<ChaincodeServerOpts> {
  const { CHAINCODE_TLS_KEY_FILE, CHAINCODE_TLS_CERT_FILE, CHAINCODE_TLS_CLIENT_CA_FILE } = env;
  if (CHAINCODE_TLS_KEY_FILE === undefined) return {};
  if (CHAINCODE_TLS_CERT_FILE === undefined || CHAINCODE_TLS_CLIENT_CA_FILE === undefined)
    throw new TypeError('TLS needs CHAINCODE_TLS_CERT_FILE and CHAINCODE_TLS_CLIENT_CA_FILE too');
  return {
    tlsProps: {
      key: readFileSync(CHAINCODE_TLS_KEY_FILE),
      cert: readFileSync(CHAINCODE_TLS_CERT_FILE),
      clientCACerts: readFileSync(CHAINCODE_TLS_CLIENT_CA_FILE),
    },
  };
}
