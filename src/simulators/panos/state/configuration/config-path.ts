/** The part of XPath that clients of the configuration use: names, `[@name='x']` and `[text()='x']`. */

export interface PathStep {
  readonly name: string;
  /** `[@name='x']` */
  readonly entry?: string | undefined;
  /** `[text()='x']` */
  readonly text?: string | undefined;
}

const STEP = /\/([A-Za-z][\w.-]*)(?:\[\s*(@name|text\(\))\s*=\s*(?:'([^']*)'|"([^"]*)")\s*\])?/y;

/** The steps of an absolute path from `/config` on; undefined for anything else. */
export function parsePath(xpath: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < xpath.length) {
    const match = STEP.exec(xpath);
    if (!match) return undefined;
    const [, name = '', kind, single, double] = match;
    const value = single ?? double;
    steps.push({ name, ...(kind === '@name' ? { entry: value } : kind === 'text()' ? { text: value } : {}) });
  }
  return steps[0]?.name === 'config' ? steps : undefined;
}
