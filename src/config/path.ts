/** Steps from the top of the file to a value: keys of maps and places in lists. */
export type Path = readonly (string | number)[];

/** `devices[0].tls.ca_file`; a key that is no plain name is quoted. */
export function showPath(path: Path): string {
  return path.map((step, index) => showStep(step, index === 0)).join('');
}

/** What stands at a path of plain data. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return (inner as readonly unknown[])[Number(step)];
    return isObject(inner) && Object.hasOwn(inner, step) ? inner[String(step)] : undefined;
  }, value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first place in `value`, which stands at `path`, where exactly this text stands. */
export function findText(value: unknown, text: string, path: Path): Path | undefined {
  if (value === text) return path;
  const entries = Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];
  for (const [step, inner] of entries) {
    const found = findText(inner, text, [...path, step]);
    if (found) return found;
  }
  return undefined;
}

function showStep(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\w/<-]{1,64}$/.test(step)) return `[${JSON.stringify(step.slice(0, 64))}]`;
  return first ? step : `.${step}`;
}
