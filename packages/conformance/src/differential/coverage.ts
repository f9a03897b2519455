import { commands, type LedgerCode } from '@medseal/protocol';
import { type Cell, cellName, cells } from '../sequence/cells.ts';
import type { RoutedStep } from './routed-step.ts';

/** How often a comparison reached what: the measure of what its success is worth. */
export class Coverage {
  sequences = 0;
  steps = 0;
  readonly #hits = new Map<string, number>();

  /** A repeat that an adapter answers by itself reaches no rule: it counts as a step alone. */
  count({ cell, route }: Pick<RoutedStep, 'cell' | 'route'>): void {
    this.steps++;
    if (route !== 'submit again') this.#hits.set(cell, this.hits(cell) + 1);
  }

  /** How often a ledger answered with the cell of this name. */
  hits(cell: string): number {
    return this.#hits.get(cell) ?? 0;
  }

  /** The part of all steps that were commands of this type. */
  share(command: Cell['command']): number {
    return sum(cells.filter((cell) => cell.command === command).map((cell) => this.hits(cellName(cell)))) / this.steps;
  }

  /** How often a ledger answered with this code, whatever the command. */
  hitsOf(code: LedgerCode): number {
    return sum(cells.filter((cell) => cell.code === code).map((cell) => this.hits(cellName(cell))));
  }

  /** A table of all cells, a line for each command. */
  table(): string {
    const names = [...Object.keys(commands), 'unknown'];
    const lines = names.map((name) => {
      const own = cells.filter(({ command }) => command === name);
      const hits = own.map((cell) => `${cell.code ?? cell.outcome} ${this.hits(cellName(cell))}`);
      return `${name} (${(100 * this.share(name as Cell['command'])).toFixed(1)} %): ${hits.join(', ')}`;
    });
    return [`${this.sequences} sequences, ${this.steps} steps`, ...lines].join('\n');
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
