import { type Address, type Authority, checkAuthority } from '@medseal/protocol';
import { checked, count, type Field, list, pattern, section } from './fields.ts';

const fields = section('Who registers and bans, for as long as the ledger lives.', {
  threshold: count('How many of the keys must sign together.', 1, 32),
  keys: list(
    'Addresses of the signing keys, ascending, without repeats, 32 at most.',
    pattern('An address.', /^0x[0-9a-f]{40}$/, '0x and 40 lower-case hex digits') as Field<Address>,
    1,
  ),
});

/** Who may register and ban. */
export const authorityField: Field<Authority> = checked(
  fields,
  isAuthority,
  'ascending keys without repeats, 32 at most, and a threshold of no more than there are keys',
);

function isAuthority(authority: Authority): boolean {
  try {
    checkAuthority(authority);
    return true;
  } catch {
    return false;
  }
}
