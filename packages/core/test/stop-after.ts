import type { Hospital } from './hospital.ts';

/** Lets `steps` calls that write, to the ledger or the directory, succeed, and none after them. Returns what ends that. */
export function stopAfter({ ledger, directory }: Hospital, steps: number): () => void {
  const submit = ledger.submit.bind(ledger);
  const put = directory.put.bind(directory);
  let left = steps;
  const step = (): void => {
    if (left-- <= 0) throw new TypeError('phone off');
  };
  Object.assign(ledger, {
    submit: async (wire: Uint8Array) => {
      step();
      return submit(wire);
    },
  });
  Object.assign(directory, {
    put: async (...call: Parameters<typeof put>) => {
      step();
      return put(...call);
    },
  });
  return () => {
    Object.assign(ledger, { submit });
    Object.assign(directory, { put });
  };
}
