/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * A page with its generated parts made anew. A part lies between `<!-- generated: name -->` and `<!-- end -->`.
 *
 * @throws Error when the page has no place for a part, or asks for one that nobody knows.
 */
export function fillPage(page: string, parts: ReadonlyMap<string, () => string>): string {
  const seen = new Set<string>();
  const made = page.replaceAll(/<!-- generated: ([a-zA-Z ]+) -->\n[^]*?<!-- end -->/g, (_, name: string) => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`The page asks for an unknown part: ${name}`);
    seen.add(name);
    return `<!-- generated: ${name} -->\n\n${part()}\n\n<!-- end -->`;
  });
  const missing = [...parts.keys()].filter((name) => !seen.has(name));
  if (missing.length > 0) throw new Error(`The page has no place for: ${missing.join(', ')}`);
  return made;
}
