/** How a program ended, or why it never began. */
export type ProgramEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** It did not end by itself, or never began. */
  | { readonly kind: 'failed'; readonly why: 'missing' | 'timeout' | 'output' | 'killed'; readonly detail: string };

/** Parent variables that a program needs; everything else of our environment stays with us. */
const PASSED_ON = ['PATH', 'TMPDIR'];

/** What a program gets to see of our environment: the C locale, UTC, and little more. */
export function programEnvironment(): Record<string, string> {
  const inherited = PASSED_ON.flatMap(name => (process.env[name] ? [[name, process.env[name]] as const] : []));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}
