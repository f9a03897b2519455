import type { Adapter } from './adapter.ts';

/** The adapters that an application ships, by the name that `use` has in its configuration: each loaded when it is used. */
export type AdapterLoaders = Readonly<Record<string, () => Promise<{ readonly adapter: Adapter }>>>;

/** What became of a `use`. */
export type Loaded = { readonly adapter: Adapter } | { readonly problem: string; readonly cause?: unknown };

/** Gives adapters by name, built-in ones first. Loads each at most once, and none that nobody asks for. */
export class AdapterShelf {
  readonly #builtIn: ReadonlyMap<string, Adapter>;
  readonly #loaders: ReadonlyMap<string, AdapterLoaders[string]>;
  readonly #loaded = new Map<string, Promise<Loaded>>();

  constructor(builtIn: Readonly<Record<string, Adapter>>, loaders: AdapterLoaders) {
    this.#builtIn = new Map(Object.entries(builtIn));
    this.#loaders = new Map(Object.entries(loaders));
  }

  /** What `use` may be for a part of this kind: adapters that are not loaded are taken to have one. */
  namesFor(kind: keyof Adapter): readonly string[] {
    const offering = [...this.#builtIn].filter(([, adapter]) => adapter[kind] !== undefined).map(([name]) => name);
    return [...offering, ...this.#loaders.keys()];
  }

  /** `undefined` when the application has not listed such an adapter. */
  get(name: string): Promise<Loaded> | undefined {
    const builtIn = this.#builtIn.get(name);
    if (builtIn !== undefined) return Promise.resolve({ adapter: builtIn });
    const loader = this.#loaders.get(name);
    if (loader === undefined) return undefined;
    const loaded = this.#loaded.get(name) ?? load(loader);
    this.#loaded.set(name, loaded);
    return loaded;
  }
}

async function load(loader: AdapterLoaders[string]): Promise<Loaded> {
  try {
    const { adapter } = await loader();
    return adapter === undefined ? { problem: 'whose module exports no `adapter`' } : { adapter };
  } catch (cause) {
    return { problem: 'whose module cannot be loaded', cause };
  }
}
