import { defaultBulkLimit } from '../../services/bulk-limit.ts';
import { count, type Fields, list, optional, part, path, section, text, withDefault } from './fields.ts';

const { uses, seconds } = defaultBulkLimit;

/** How much one grantee may read of one patient's records in a time. */
const bulkLimit = section('How much one grantee may have released of one patient’s records in a time.', {
  uses: withDefault(count('Releases in the window.', 1), uses),
  seconds: withDefault(count('Length of the window, seconds.', 1), seconds),
});

/** A proxy that runs inside this process. */
export const proxyFields: Fields = {
  subject: text('Whose keys it has in the key store. They are made when the store has none yet.', 'name of a subject'),
  keys: optional(part('A key store of its own; the network’s `keys` when absent.', 'keyStore')),
  state: part('Where fragments, notices and its place in the log survive a restart.', 'proxyState'),
  view: optional(part('Where its own view keeps the log that it has verified; in memory when absent.', 'viewStore')),
  bulkLimit: withDefault(bulkLimit, { uses, seconds }),
};

/** The whole configuration. */
export const networkFields: Fields = {
  $schema: optional(text('Where editors find the JSON Schema of this file. Not read.', 'address or path')),
  base: optional(
    path(
      'Folder that relative paths start from: for `readConfig` the folder of the file, otherwise that of the process.',
    ),
  ),
  ledger: part('The log that enforces the rules.', 'ledger'),
  store: part('Where sealed payloads lie.', 'store'),
  directory: part('How headers, tickets and key documents are found.', 'directory'),
  keys: optional(part('Where participants’ secrets rest.', 'keyStore')),
  view: optional(part('Where the verified log is kept, so that a start need not verify it again.', 'viewStore')),
  proxies: list('The re-encryption proxies that run in this process.', section('A proxy.', proxyFields), 1),
  threshold: optional(
    count('How many proxies must work together: more than half of them. The least majority when absent.', 1),
  ),
};
