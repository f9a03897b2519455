/** What the program sees of the world. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Resolves once the bytes are taken; rejects when nobody reads any more. */
  writeOut(bytes: Uint8Array): Promise<void>;
  /** One line for the person at the terminal. */
  say(line: string): void;
  /** Asks for a secret without showing it; `undefined` where there is no terminal. */
  ask(question: string): Promise<string | undefined>;
  readonly signal: AbortSignal;
}
