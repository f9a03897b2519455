/** Forms that the peers accept, refuse or die of: ours refuses each with a typed error. */
import { describe, expect, it } from 'vitest';
import * as umbral from '../src/index.ts';
import { medseal, peers } from './contender.ts';
import { type Honest, type HostileForm, hostileForms, submit, verdictOf } from './hostile-forms.ts';
import { codeOf, firstOf } from './parties.ts';

const secret = (): Uint8Array => umbral.secretKeyToBytes(umbral.generateSecretKey());

function makeHonest(delegatingSecret: Uint8Array, signingSecret: Uint8Array): Honest {
  const receivingSecret = secret();
  const keys = {
    receivingSecret,
    receivingKey: medseal.publicKeyOf(receivingSecret),
    delegatingKey: medseal.publicKeyOf(delegatingSecret),
    verifyingKey: medseal.publicKeyOf(signingSecret),
  };
  const shape = { threshold: 1, shares: 1, signDelegatingKey: true, signReceivingKey: true };
  const sealed = medseal.encrypt(keys.delegatingKey, Uint8Array.of(1));
  const kfrag = firstOf(medseal.delegate({ ...keys, ...shape, delegatingSecret, signingSecret }));
  return { keys, sealed, kfrag, cfrag: medseal.reencrypt(sealed.capsule, kfrag, keys) };
}

const [delegatingSecret, signingSecret] = [secret(), secret()];
const honest = makeHonest(delegatingSecret, signingSecret);
const forms = hostileForms(honest, signingSecret);
const outcome = ({ object, bytes }: HostileForm) => codeOf(() => submit(medseal, object, bytes, honest));

it('the honest objects pass', () => {
  for (const one of [medseal, ...peers]) {
    expect(() => submit(one, 'publicKey', honest.keys.delegatingKey, honest)).not.toThrow();
    expect(() => submit(one, 'secretKey', honest.keys.receivingSecret, honest)).not.toThrow();
    expect(() => submit(one, 'capsule', honest.sealed.capsule, honest)).not.toThrow();
    expect(() => submit(one, 'kfrag', honest.kfrag, honest)).not.toThrow();
    expect(() => submit(one, 'cfrag', honest.cfrag, honest)).not.toThrow();
  }
});

describe.each(forms)('$object: $name', (form) => {
  it(`is ${form.medseal} here`, () => {
    expect(outcome(form)).toBe(form.medseal);
  });

  it.each(peers)(`$name ${form.peer} it`, (peer) => {
    expect(verdictOf(peer, form, honest)).toBe(form.peer);
  });
});

describe('a delegation without sense', () => {
  const shapes = [
    [0, 1],
    [0, 0],
    [1, 0],
    [2, 1],
  ] as const;
  it.each(shapes)('%i of %i is refused here, while the peers return what they can', (threshold, shares) => {
    const flags = { signDelegatingKey: true, signReceivingKey: true };
    const delegation = { ...honest.keys, ...flags, delegatingSecret, signingSecret, threshold, shares };
    expect(codeOf(() => medseal.delegate(delegation))).toBe('BAD_THRESHOLD');
    for (const peer of peers) expect(peer.delegate(delegation)).toHaveLength(shares);
  });
});
