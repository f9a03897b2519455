import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { addSignatures } from './add-signatures.ts';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { cosign } from './cosign.ts';
import { cosignatures } from './cosignatures.ts';
import { ED25519, keyIdOf } from './key-id.ts';
import { ed25519NoteSigner } from './note-signer.ts';
import { noteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { openNote } from './open-note.ts';
import { signatureLine, signNote } from './sign-note.ts';
import { emptyRoot, leafHash } from './tree-hash.ts';
import { verifierKeyText } from './verifier-key.ts';
import { requireWitnesses, requireWitnessPolicy } from './witness-policy.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const log = ed25519NoteSigner({ name: 'example.org/log', secretKey: key(1) });
const other = ed25519NoteSigner({ name: 'example.org/other', secretKey: key(2) });
const verifiers = [noteVerifier(log.verifierKey)];
const failing = (failed: string): unknown => expect.objectContaining({ name: 'UnverifiedLogError', failed });

describe('the examples of the Go package note', () => {
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const person = noteVerifier('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  it('opens', () => expect(openNote(note, [person])).toEqual({ text, verified: ['PeterNeumann'] }));

  it('does not open with another text or key', () => {
    expect(() => openNote(note.replace('answer', 'Answer'), [person])).toThrow(failing('signature'));
    expect(() => openNote(note, verifiers)).toThrow(failing('signer'));
  });
});

describe('a signed note', () => {
  it('opens with each known key, whatever other signatures it has', () => {
    const note = signNote('a\n\nb\n', [other, log]);
    expect(openNote(note, verifiers)).toEqual({ text: 'a\n\nb\n', verified: ['example.org/log'] });
    const both = [...verifiers, noteVerifier(other.verifierKey)];
    expect(openNote(note, both).verified).toEqual(['example.org/other', 'example.org/log']);
  });

  it('is refused when a known key did not sign it, even beside a good signature', () => {
    const both = [...verifiers, noteVerifier(other.verifierKey)];
    const wrong = signNote('c\n', [other]).slice('c\n\n'.length);
    expect(() => openNote(addSignatures(signNote('b\n', [log]), wrong), both)).toThrow(failing('signature'));
  });

  it('does not open with any byte altered', () => {
    const note = signNote('text of a note\n', [log]);
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.constantFrom('A', 'b', '0', ' ', '\n', '\t', '=', 'é'), (at, by) => {
        fc.pre(note[at] !== by);
        expect(() => openNote(note.slice(0, at) + by + note.slice(at + 1), verifiers)).toThrow(Error);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['no signatures', 'text\n'],
    ['nothing behind the blank line', 'text\n\n'],
    ['no newline at the end', signNote('text\n', [log]).slice(0, -1)],
    ['another dash', signNote('text\n', [log]).replace('—', '-')],
    ['a control character', signNote('text\n', [log]).replace('text', 'te\txt')],
    ['half a surrogate pair', signNote('text\n', [log]).replace('text', 'te\ud800xt')],
    ['a name with a plus', signNote('text\n', [log]).replace('example.org/log', 'example+log')],
    ['two spaces', signNote('text\n', [log]).replace('— ', '—  ')],
    ['base64 with unused bits', 'text\n\n— a AAAAAAF=\n'],
    ['base64 without padding', 'text\n\n— a AAAAAAA\n'],
    ['a key id alone', 'text\n\n— a AAAAAA==\n'],
    ['a carriage return', signNote('text\n', [log]).replaceAll('\n', '\r\n')],
    ['101 signatures', `text\n\n${'— a AAAAAAA=\n'.repeat(101)}`],
    ['more than a million characters', signNote(`${'x'.repeat(1_000_000)}\n`, [log])],
  ])('is malformed with %s', (_what, note) => {
    expect(() => openNote(note, verifiers)).toThrow(MalformedObjectError);
  });

  it('is made of text that ends in a newline, by one signer at least', () => {
    expect(() => signNote('text', [log])).toThrow(RangeError);
    expect(() => signNote('text\n', [])).toThrow(RangeError);
    expect(() => signNote('te\0xt\n', [log])).toThrow(MalformedObjectError);
  });
});

describe('a verifier key', () => {
  const [name = '', id = '', encoded = ''] = log.verifierKey.split('+');

  it.each([
    ['another name', `example.org/lag+${id}+${encoded}`],
    ['another id', `${name}+00000000+${encoded}`],
    ['an id in capitals', `${name}+${id.toUpperCase()}X+${encoded}`],
    ['no name', `+${id}+${encoded}`],
    ['a space in the name', `a b+${id}+${encoded}`],
    ['a key cut short', `${name}+${id}+${encoded.slice(0, -4)}`],
    ['a witness’s type', ed25519WitnessSigner({ name, secretKey: key(1) }).verifierKey],
    ['nothing', ''],
  ])('is refused with %s', (_what, text) => expect(() => noteVerifier(text)).toThrow(MalformedObjectError));

  it('is refused when its kind is another than its id says, or it is no point of the curve', () => {
    const publicKey = ed25519.getPublicKey(key(1));
    const text = (type: number, bytes: Uint8Array): string => {
      const hex = keyIdOf('a', ED25519, bytes).toString(16).padStart(8, '0');
      return `a+${hex}+${btoa(String.fromCharCode(type, ...bytes))}`;
    };
    expect(noteVerifier(text(1, publicKey)).name).toBe('a');
    expect(() => noteVerifier(text(4, publicKey))).toThrow(MalformedObjectError);
    expect(() => noteVerifier(text(1, key(0xff)))).toThrow(MalformedObjectError);
  });

  it('of small order verifies nothing', () => {
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    const verifier = noteVerifier(verifierKeyText('a', ED25519, identity));
    expect(verifier.verify('text\n', Uint8Array.of(...identity, ...new Uint8Array(32)))).toBe(false);
  });

  it('of a log is no key of a witness', () => {
    expect(() => witnessVerifier(log.verifierKey)).toThrow(MalformedObjectError);
  });

  it('has a name without spaces, and a secret key of 32 bytes', () => {
    expect(() => ed25519NoteSigner({ name: 'a b', secretKey: key(1) })).toThrow(RangeError);
    expect(() => ed25519NoteSigner({ name: '', secretKey: key(1) })).toThrow(RangeError);
    expect(() => ed25519NoteSigner({ name: 'a', secretKey: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => ed25519WitnessSigner({ name: 'a+b', secretKey: key(1) })).toThrow(RangeError);
  });
});

describe('a checkpoint', () => {
  const checkpoint = { origin: 'example.org/log', size: 20_852_163, root: leafHash(Uint8Array.of(1)) };
  const text = checkpointText(checkpoint);

  it('reads back', () => {
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    expect(openCheckpoint(signNote(text, [log]), verifiers)).toEqual(checkpoint);
  });

  it.each([
    ['extension lines', `${text}more\n`],
    ['an empty line more', `${text}\n`],
    ['a line less', text.split('\n').slice(0, 2).join('\n')],
    ['no last newline', text.slice(0, -1)],
    ['a leading zero', text.replace('20852163', '020852163')],
    ['a sign', text.replace('20852163', '+20852163')],
    ['hex', text.replace('20852163', '0x10')],
    ['a size beyond 2^53', text.replace('20852163', '9007199254740992')],
    ['a size of twenty digits', text.replace('20852163', '18446744073709551615')],
    ['a root of 31 bytes', checkpointText(checkpoint).replace(/\n[^\n]*\n$/, `\n${btoa('x'.repeat(31))}\n`)],
    ['a space in the origin', text.replace('/log', ' log')],
    ['no origin', text.replace('example.org/log', '')],
    ['entries of no tree', text.replace('20852163', '0')],
  ])('is malformed with %s', (_what, altered) => {
    expect(() => parseCheckpoint(altered)).toThrow(MalformedObjectError);
  });

  it('of no entries has the root of no entries', () => {
    const empty = { ...checkpoint, size: 0, root: emptyRoot };
    expect(parseCheckpoint(checkpointText(empty))).toEqual(empty);
  });

  it('is written with an origin, a size and a root only', () => {
    expect(() => checkpointText({ ...checkpoint, origin: 'two words' })).toThrow(RangeError);
    expect(() => checkpointText({ ...checkpoint, size: -1 })).toThrow(RangeError);
    expect(() => checkpointText({ ...checkpoint, root: new Uint8Array(31) })).toThrow(RangeError);
  });

  it('is not believed of a key that is another log’s', () => {
    const both = [...verifiers, noteVerifier(other.verifierKey)];
    expect(() => openCheckpoint(signNote(text, [other]), both)).toThrow(failing('origin'));
  });
});

describe('cosignatures', () => {
  const one = ed25519WitnessSigner({ name: 'witness.example/1', secretKey: key(3) });
  const two = ed25519WitnessSigner({ name: 'witness.example/2', secretKey: key(4) });
  const witnesses = [witnessVerifier(one.verifierKey), witnessVerifier(two.verifierKey)];
  const signed = signNote(checkpointText({ origin: log.name, size: 0, root: emptyRoot }), [log]);
  const cosigned = addSignatures(signed, cosign(signed, one, 1_700_000_000));

  it('are told with their times, those of unknown witnesses passed over', () => {
    expect(cosignatures(signed, witnesses)).toEqual([]);
    expect(cosignatures(cosigned, witnesses)).toEqual([{ name: 'witness.example/1', time: 1_700_000_000 }]);
    expect(cosignatures(cosigned, witnesses.slice(1))).toEqual([]);
    expect(openNote(cosigned, verifiers).verified).toEqual([log.name]);
  });

  it('take the place of older ones of the same witness', () => {
    const newer = addSignatures(cosigned, cosign(cosigned, one, 1_700_000_100) + cosign(cosigned, two, 5));
    expect(cosignatures(newer, witnesses)).toEqual([
      { name: 'witness.example/1', time: 1_700_000_100 },
      { name: 'witness.example/2', time: 5 },
    ]);
    expect(newer.split('\n—')).toHaveLength(4);
  });

  it('count by the latest of a witness, and all of his must be valid', () => {
    const twice = `${cosigned}${cosign(signed, one, 1_700_000_050)}`;
    expect(cosignatures(twice, witnesses)).toEqual([{ name: 'witness.example/1', time: 1_700_000_050 }]);
    const larger = signNote(checkpointText({ origin: log.name, size: 1, root: leafHash(key(0)) }), [log]);
    expect(() => cosignatures(`${cosigned}${cosign(larger, one, 9)}`, witnesses)).toThrow(failing('signature'));
  });

  it('of another checkpoint, or another time, are refused', () => {
    const larger = signNote(checkpointText({ origin: log.name, size: 1, root: leafHash(key(0)) }), [log]);
    const moved = addSignatures(larger, cosign(signed, one, 1));
    expect(() => cosignatures(moved, witnesses)).toThrow(failing('signature'));
    const line = cosign(signed, one, 1);
    const bytes = atob(line.trim().split(' ')[2] ?? '');
    const later = btoa(`${bytes.slice(0, 11)}\u0002${bytes.slice(12)}`);
    const altered = addSignatures(signed, `— witness.example/1 ${later}\n`);
    expect(() => cosignatures(altered, witnesses)).toThrow(failing('signature'));
    const short = addSignatures(signed, `— witness.example/1 ${btoa(bytes.slice(0, 60))}\n`);
    expect(() => cosignatures(short, witnesses)).toThrow(UnverifiedLogError);
  });

  it('of times that are no number here are refused', () => {
    const [time, text] = [2n ** 53n, signed.slice(0, signed.indexOf('\n\n') + 1)];
    const signature = ed25519.sign(new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`), key(3));
    const bytes = new Uint8Array(72);
    new DataView(bytes.buffer).setBigUint64(0, time);
    bytes.set(signature, 8);
    const note = addSignatures(signed, signatureLine(one.name, one.keyId, bytes));
    expect(() => cosignatures(note, witnesses)).toThrow(failing('signature'));
  });

  it('are asked of as many witnesses as the quorum, not too old', () => {
    expect(() => requireWitnesses(cosigned, { witnesses, quorum: 1 })).not.toThrow();
    expect(() => requireWitnesses(cosigned, { witnesses, quorum: 2 })).toThrow(failing('witnesses'));
    expect(() => requireWitnesses(cosigned, { witnesses, quorum: 1, notBefore: 1_700_000_001 })).toThrow(
      failing('witnesses'),
    );
  });

  it('of one key count once: a policy names each key and each name once', () => {
    const again = witnessVerifier(ed25519WitnessSigner({ name: 'witness.example/3', secretKey: key(3) }).verifierKey);
    expect(() => requireWitnessPolicy({ witnesses: [...witnesses, again], quorum: 2 })).toThrow(RangeError);
    expect(() => requireWitnessPolicy({ witnesses, quorum: 3 })).toThrow(RangeError);
    expect(() => requireWitnessPolicy({ witnesses, quorum: -1 })).toThrow(RangeError);
    expect(() => requireWitnessPolicy({ witnesses, quorum: 2 })).not.toThrow();
  });

  it('are made of checkpoints only, at whole seconds', () => {
    expect(() => cosign(signNote('no checkpoint\n', [log]), one, 1)).toThrow(MalformedObjectError);
    expect(() => cosign(signed, one, 1.5)).toThrow(RangeError);
  });
});
