/** Why a backend could not be started or used. */
export type DevnetErrorCode =
  /** A program that the backend needs (Go, the anvil binary) is not on this machine. */
  | 'program-missing'
  /** Compiling the Fabric binaries failed. */
  | 'build-failed'
  /** A process ended while it was needed. The message carries the end of its log. */
  | 'process-exited'
  /** A backend did not become ready in time. */
  | 'not-ready'
  /** A Fabric node refused a request. */
  | 'refused';

/** An error of the development backends. `cause` holds what led to it, where there is such a thing. */
export class DevnetError extends Error {
  override readonly name: string = 'DevnetError';
  readonly code: DevnetErrorCode;

  constructor(code: DevnetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
