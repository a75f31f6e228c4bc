/** Rows of a CSV text (RFC 4180) as objects by the names in its first line. */
export function parseCsv(text: string): Record<string, string>[] {
  const [heading = [], ...rows] = lines(text);
  return rows.map(row => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

function lines(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
    const [whole, cell = '', end] = match;
    if (whole === '' && row.length === 0) break;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
