/** A program in a Markdown file: a `ts` block right behind the comment `<!-- run -->` or `<!-- check -->`. */
export interface Example {
  /** First line of the code, counted from 1. */
  readonly line: number;
  readonly code: string;
  readonly run: boolean;
  /** The `text` block right behind the program: what it prints. */
  readonly output: string | undefined;
}

const marker = /^<!-- (?<mode>run|check) -->$/;

/** @throws Error for a mark without a `ts` block behind it, so that no example drops out unseen. */
export function examplesIn(markdown: string): readonly Example[] {
  const lines = markdown.split('\n');
  return lines.flatMap((text, index) => {
    const mode = marker.exec(text)?.groups?.['mode'];
    if (mode === undefined) return [];
    const program = blockAt(lines, index + 1, 'ts');
    if (program === undefined) throw new Error(`line ${index + 1}: no \`ts\` block follows the mark`);
    const output = mode === 'run' ? blockAt(lines, program.end, 'text')?.content : undefined;
    return [{ line: program.start, code: program.content, run: mode === 'run', output }];
  });
}

/** The fenced block at `from`, blank lines aside. */
function blockAt(
  lines: readonly string[],
  from: number,
  language: string,
): { readonly content: string; readonly start: number; readonly end: number } | undefined {
  const fence = lines.findIndex((line, index) => index >= from && line.trim() !== '');
  if (fence === -1 || lines[fence] !== `\`\`\`${language}`) return undefined;
  const close = lines.indexOf('```', fence + 1);
  if (close === -1) return undefined;
  return { content: lines.slice(fence + 1, close).join('\n') + '\n', start: fence + 2, end: close + 1 };
}
