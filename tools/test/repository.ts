import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** Root of this repository. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** Path of a program that the root package has installed. */
export const binary = (name: string): string => join(repository, 'node_modules/.bin', name);
