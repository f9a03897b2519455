/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What went wrong, in one text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
