import { expect, test } from 'vitest';
import { isMedsealError } from './errors.ts';
import { MalformedCommandError } from './malformed-command-error.ts';

test('an error is known by its brand, also where it comes from another copy of the package', () => {
  const error = new MalformedCommandError('until', 'is not a time');
  expect(isMedsealError(error)).toBe(true);
  expect(isMedsealError(Object.assign(new Error('from another copy'), { medseal: true }))).toBe(true);
  for (const other of [new Error('x'), { medseal: true }, Object.assign(new Error('x'), { medseal: 1 }), null, 'x'])
    expect(isMedsealError(other)).toBe(false);
});

test('a malformed command has a literal name and code, names the field and is not worth a retry', () => {
  const { name, code, retryable, field, message } = new MalformedCommandError('until', 'is not a time');
  expect({ name, code, retryable, field }).toEqual({
    name: 'MalformedCommandError',
    code: 'MALFORMED',
    retryable: false,
    field: 'until',
  });
  expect(message).toBe('Malformed command: until is not a time');
});
