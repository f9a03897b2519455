import fc from 'fast-check';

class ShrinksAs<T> extends fc.Arbitrary<T> {
  readonly #source: fc.Arbitrary<T>;
  readonly #shrinker: fc.Arbitrary<T>;

  constructor(source: fc.Arbitrary<T>, shrinker: fc.Arbitrary<T>) {
    super();
    this.#source = source;
    this.#shrinker = shrinker;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<T> {
    return this.#source.generate(random, biasFactor);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return this.#shrinker.canShrinkWithoutContext(value);
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return this.#shrinker.shrink(value, context);
  }
}

/**
 * The values of `source`, which shrink by the rules of `shrinker`: bounds that make a value worth trying need not bind
 * the search for a small one that fails too. Both must be of the same making.
 */
export function shrinksAs<T>(source: fc.Arbitrary<T>, shrinker: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return new ShrinksAs(source, shrinker);
}
