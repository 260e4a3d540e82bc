/** An instant (milliseconds since 1970) in UTC to the second: `2026-03-05T14:05:12Z`. */
export function showInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Rows of cells as columns; the first column to the left, numbers to the right. */
export function showTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
