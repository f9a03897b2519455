import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, type ExtractorMessage, ExtractorMessageCategory } from '@microsoft/api-extractor';

export interface ApiReport {
  /** What a user of this entry point sees, as Markdown. */
  readonly text: string;
  /** What the extractor could not make sense of. */
  readonly errors: readonly string[];
}

/**
 * The report of one entry point, from the declarations that were built for it. Not from an installed copy: the extractor
 * takes whatever lies in `node_modules` for somebody else's.
 *
 * @param work folder for what comes about on the way
 * @param name of the report, such as `core-adapter`
 * @param types declarations of the entry point, relative to `packageFolder`
 */
export function apiReport(work: string, name: string, packageFolder: string, types: string): ApiReport {
  const folder = mkdtempSync(join(work, 'api-'));
  const tsconfig = join(folder, 'tsconfig.json');
  const lib = ['es2024', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'];
  const compilerOptions = { module: 'nodenext', target: 'es2024', lib, strict: true, types: [], skipLibCheck: true };
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files: [join(packageFolder, types)] }));
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: join(packageFolder, types),
      compiler: { tsconfigFilePath: tsconfig },
      apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: folder },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, 'package.json'),
  });
  const errors: string[] = [];
  Extractor.invoke(config, { localBuild: true, messageCallback: (message) => errors.push(...complaint(message)) });
  return { text: readFileSync(join(folder, `${name}.api.md`), 'utf8'), errors };
}

/** The docstrings are not in TSDoc's tags of release: only what the compiler says counts. */
function complaint(message: ExtractorMessage): readonly string[] {
  message.handled = true;
  return message.category === ExtractorMessageCategory.Compiler ? [message.text] : [];
}
