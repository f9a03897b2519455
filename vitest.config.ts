import { availableParallelism } from 'node:os';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Tests run on the sources, through the `@medseal/source` export condition: no build is needed.
const conditions = ['@medseal/source'];

// A file that starts a real ledger stands in one of these folders.
const backends = ['packages/adapter-*/test/**/*.test.ts', 'tools/devnet/test/**/*.test.ts', 'examples/*/**/*.test.ts'];
const generated = ['**/node_modules/**', '**/dist/**', '**/.cache/**'];

export default defineConfig({
  resolve: { conditions: [...conditions, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [...conditions, ...defaultServerConditions] } },
  test: {
    // By itself vitest leaves a core free, which on two cores means one file at a time.
    maxWorkers: availableParallelism(),
    // The default of one second is too short on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default', './tools/vitest/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,test,tools}/**/*.test.ts',
            'tools/vitest/**/*.test.ts',
            'tools/*/src/**/*.test.ts',
          ],
          exclude: [...generated, ...backends],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What is true of the repository as a whole: dependency rules, packed tarballs, examples in the docs.
        extends: true,
        test: {
          name: 'repository',
          include: ['tools/test/**/*.test.ts'],
          exclude: generated,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // One file at a time: each starts chains or a Fabric network of its own.
        extends: true,
        test: {
          name: 'backends',
          include: backends,
          exclude: generated,
          globalSetup: ['./tools/vitest/build-fabric.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
