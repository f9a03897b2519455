import { styleText } from 'node:util';

export interface NarratorOptions {
  readonly plain: boolean;
  readonly write: (text: string) => void;
}

const WIDTH = 78;

/** Tells the story on a terminal: who did what, what the ledger says, how long it took. */
export class Narrator {
  readonly #plain: boolean;
  readonly #write: (text: string) => void;

  constructor({ plain, write }: NarratorOptions) {
    this.#plain = plain;
    this.#write = write;
  }

  title(text: string): void {
    this.#write(`${this.#style('bold', text)}\n`);
  }

  chapter(text: string): void {
    this.#write(`\n${this.#style('bold', text)}\n`);
  }

  note(text: string): void {
    this.#write(`    ${this.#style('dim', text)}\n`);
  }

  done(what: string, says: string, ms: number): void {
    this.#line(this.#style('green', '✓'), what, says, ms);
  }

  refused(what: string, code: string, says: string, ms: number): void {
    this.#line(this.#style('red', '✗'), what, `${this.#style('red', code)} ${says}`, ms);
  }

  /** Left out where the text is to be the same on every run. */
  progress(text: string): void {
    if (!this.#plain) this.#write(`  ${this.#style('dim', `… ${text}`)}\n`);
  }

  /** Eight digits are enough to recognise an id. */
  id(hex: string): string {
    return this.#plain ? '#id' : `#${hex.slice(2, 10)}`;
  }

  #line(mark: string, what: string, says: string, ms: number): void {
    const took = this.#plain ? 'time' : `${ms.toFixed(0)} ms`;
    this.#write(`  ${mark} ${what.padEnd(WIDTH)} ${says} ${this.#style('dim', `(${took})`)}\n`);
  }

  #style(style: 'bold' | 'dim' | 'green' | 'red', text: string): string {
    return this.#plain ? text : styleText(style, text);
  }
}
