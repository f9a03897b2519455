import { join } from 'node:path';

// This file is `tools/devnet/src/repository.ts`, or its compiled form in `dist`: the same depth.
const repositoryFolder: string = join(import.meta.dirname, '..', '..', '..');

/** What is built or kept between runs; ignored by git. */
export const cacheFolder: string = join(repositoryFolder, '.cache');

/** The Go module that pins the Fabric programs. */
export const fabricModuleFolder: string = join(repositoryFolder, 'tools', 'go', 'fabric');
