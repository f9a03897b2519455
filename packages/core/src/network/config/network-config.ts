import type { BulkLimit } from '../../services/bulk-limit.ts';

/** One part of a configuration: which adapter opens it, and that adapter's fields. */
export interface PartConfig {
  readonly use: string;
  readonly [field: string]: unknown;
}

/** A proxy that runs in this process. */
export interface ProxyConfig {
  readonly subject: string;
  readonly keys?: PartConfig | undefined;
  readonly state: PartConfig;
  readonly view?: PartConfig | undefined;
  readonly bulkLimit?: { readonly uses?: number | undefined; readonly seconds?: number | undefined } | undefined;
}

/** A deployment as JSON. docs/configuration.md tells every field. */
export interface NetworkConfig {
  readonly $schema?: string | undefined;
  readonly base?: string | undefined;
  readonly ledger: PartConfig;
  readonly store: PartConfig;
  readonly directory: PartConfig;
  readonly keys?: PartConfig | undefined;
  readonly view?: PartConfig | undefined;
  readonly proxies: readonly ProxyConfig[];
  readonly threshold?: number | undefined;
}

/** A proxy's section, checked, with defaults filled in. */
export interface ProxyValues {
  readonly subject: string;
  readonly keys?: unknown;
  readonly state: unknown;
  readonly view?: unknown;
  readonly bulkLimit: BulkLimit;
}

/** The checked values of a whole configuration. Parts stand in it as the configuration has them. */
export interface NetworkValues {
  readonly base?: string | undefined;
  readonly ledger: unknown;
  readonly store: unknown;
  readonly directory: unknown;
  readonly keys?: unknown;
  readonly view?: unknown;
  readonly proxies: readonly ProxyValues[];
  readonly threshold?: number | undefined;
}
