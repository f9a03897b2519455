import { expect, test } from 'vitest';
import { commands } from './commands/index.ts';
import { isLedgerCode, ledgerCode, type RejectionCode, rejections } from './rejections.ts';

const codes = Object.keys(rejections) as RejectionCode[];

test('the numbers in the log never change', () => {
  const numbers = Object.fromEntries(codes.filter(isLedgerCode).map((code) => [code, rejections[code].number]));
  expect(numbers).toEqual({
    MALFORMED: 1,
    BAD_SIGNATURE: 2,
    COMMAND_EXPIRED: 3,
    VALIDITY_TOO_LONG: 4,
    NOT_REGISTERED: 5,
    BANNED: 6,
    ALREADY_REGISTERED: 7,
    PERSON_TAKEN: 8,
    BAD_ORGANISATION: 9,
    UNKNOWN_PARTICIPANT: 10,
    STALE_VERSION: 11,
    ALREADY_BANNED: 12,
    NOT_BANNED: 13,
    ROLE_NOT_ALLOWED: 14,
    NOT_OWNER: 15,
    CLEARANCE_TOO_LOW: 16,
    UNTIL_PASSED: 17,
    GRANTEE_BANNED: 18,
    ALREADY_DECIDED: 19,
    NO_GRANT: 20,
    ALREADY_REVOKED: 21,
    GRANT_REVOKED: 22,
    KEYS_CHANGED: 23,
    GRANT_EXPIRED: 24,
    OWNER_BANNED: 25,
  });
});

test('a number leads back to its ledger code, and holder codes have none', () => {
  for (const code of codes) {
    if (isLedgerCode(code)) expect(ledgerCode(rejections[code].number)).toBe(code);
    else expect(rejections[code].number).toBe(0);
  }
  expect(ledgerCode(0)).toBeUndefined();
  expect(ledgerCode(26)).toBeUndefined();
  expect(isLedgerCode('toString')).toBe(false);
  expect(isLedgerCode('NO_TICKET')).toBe(false);
});

test('each says what it means and what to do', () => {
  for (const { meaning, remedy } of Object.values(rejections)) {
    expect(meaning).toMatch(/^[A-Zv].{10,}\.$/);
    expect(remedy).toMatch(/^[A-Z].{5,}\.$/);
  }
});

test('each own rule has a ledger code, and rejects come before violations', () => {
  for (const { rules } of Object.values(commands)) {
    expect(rules.every(([code]) => isLedgerCode(code))).toBe(true);
    const outcomes = rules.map(([, outcome]) => outcome);
    expect(outcomes.lastIndexOf('reject')).toBeLessThan(
      outcomes.includes('violation') ? outcomes.indexOf('violation') : rules.length,
    );
  }
});
