import type { ReEncryptor } from './re-encryptor.ts';

export interface ReEncryptorUnderTest extends AsyncDisposable {
  readonly reEncryptor: ReEncryptor;
}

export interface ReEncryptorDriver extends AsyncDisposable {
  readonly name: string;
  create(): Promise<ReEncryptorUnderTest>;
}
