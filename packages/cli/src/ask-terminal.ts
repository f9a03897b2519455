import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

const ENTER = new Set(['\r', '\n', '\u0004']);
const BACKSPACE = new Set(['\b', '\u007f']);
const CTRL_C = '\u0003';

/**
 * Asks at the terminal itself, so that standard input and output stay free for content. What is typed is not shown.
 * `undefined` where there is no terminal.
 */
export async function askTerminal(question: string): Promise<string | undefined> {
  const terminal = openTerminal();
  if (terminal === undefined) return undefined;
  const { input, output } = terminal;
  output.write(question);
  input.setRawMode(true);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode(false);
    output.write('\n');
    input.destroy();
    output.destroy();
  }
}

function openTerminal(): { readonly input: ReadStream; readonly output: WriteStream } | undefined {
  try {
    return { input: new ReadStream(openSync('/dev/tty', 'r')), output: new WriteStream(openSync('/dev/tty', 'w')) };
  } catch {
    return undefined;
  }
}

function readLine(input: ReadStream): Promise<string> {
  let line: string[] = [];
  return new Promise((resolve, reject) => {
    input.setEncoding('utf8');
    input.on('error', reject);
    input.on('data', (text: string) => {
      for (const character of text) {
        if (character === CTRL_C) reject(new Error('stopped'));
        else if (ENTER.has(character)) resolve(line.join(''));
        else if (BACKSPACE.has(character)) line = line.slice(0, -1);
        else line.push(character);
      }
    });
  });
}
