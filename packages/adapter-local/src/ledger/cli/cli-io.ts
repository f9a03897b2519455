/** What the program sees of the world. */
export interface LedgerCliIo {
  /** To standard output. */
  write(text: string): void;
  /** One line for the person at the terminal. */
  say(line: string): void;
  /** How far it is, in place of what was said so last. */
  progress(text: string): void;
  readonly signal: AbortSignal;
}
