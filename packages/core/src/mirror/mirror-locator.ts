/** Locators of the copies, by their names. */
export type CopyLocators = ReadonlyMap<string, string>;

const SCHEME = 'mirror:';

/** A header takes no longer one. */
const MOST = 1024;

/**
 * One locator for all copies: `mirror:` and the copies' names and locators, as in a URL's query. Where that is longer
 * than a header takes, as many as fit; the others find the object by its digest, or not at all.
 */
export function mirrorLocator(locators: CopyLocators): string {
  let fitting = new URLSearchParams();
  for (const [name, locator] of locators) {
    const longer = new URLSearchParams([...fitting, [name, locator]]);
    if (SCHEME.length + longer.toString().length <= MOST) fitting = longer;
  }
  return SCHEME + fitting.toString();
}

/** What one copy said where the object lies. The locator of a ref that no mirror made is handed on as it is. */
export function locatorFor(name: string, locator: string): string {
  if (!locator.startsWith(SCHEME)) return locator;
  return new URLSearchParams(locator.slice(SCHEME.length)).get(name) ?? '';
}

/** The locators of both; those of `later` win. One that no mirror made stays as it is. */
export function mergeLocators(earlier: string, later: string): string {
  if (!earlier.startsWith(SCHEME) || !later.startsWith(SCHEME)) return later;
  const both = [earlier, later].flatMap((locator) => [...new URLSearchParams(locator.slice(SCHEME.length))]);
  return mirrorLocator(new Map(both));
}
