/** What to write instead of an unknown name: the nearest of the known ones, or all of them where none is near. */
export function didYouMean(unknown: string, known: readonly string[]): string {
  const nearest = nearestName(unknown, known);
  if (nearest !== undefined) return `${JSON.stringify(nearest)} (did you mean that?)`;
  return known.length === 0 ? 'no such field' : known.map((name) => JSON.stringify(name)).join(', ');
}

/** The known name with the fewest changed letters, as long as most of the word stays. */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(unknown.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.max(name.length, unknown.length) / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

/** Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  // A name of hundreds of letters is no slip of the pen, and the table would be large.
  if (Math.max(a.length, b.length) > 64) return Infinity;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const replaced = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, cell(i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1));
    }
  }
  return cell(a.length, b.length);
}
