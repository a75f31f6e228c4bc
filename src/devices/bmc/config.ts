import { z } from 'zod';
import { secretFile, secretFromEnvironment } from '../../core/config-values.ts';
import type { SecretSource } from '../../core/secret-source.ts';
import { deviceEntry } from '../contract.ts';

/** What a device entry has for every way to a BMC. */
export const bmcEntry = deviceEntry.extend({ credentials: credentials() });

/** One address: a BMC has no partner that could stand in for it. */
export function oneAddress(protocols: readonly string[]) {
  const wanted = protocols.map(protocol => `${protocol}//`).join(' or ');
  const address = z.url().superRefine((text, context) => {
    const problem = URL.canParse(text) ? addressProblem(new URL(text), protocols, wanted) : undefined;
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `found "${text}"; ${problem}` });
  });
  return z.tuple([address]);
}

/** A user with its password, from a file or as `${NAME}` from the environment. */
function credentials() {
  return z
    .strictObject({
      username: z.string().min(1).max(64),
      password_file: secretFile().optional(),
      password: secretFromEnvironment().optional(),
    })
    .transform(({ username, password_file, password }, context): { username: string; password: SecretSource } => {
      const source = password_file ?? password;
      if (source !== undefined && !(password_file && password)) return { username, password: source };
      context.addIssue({ code: 'custom', message: 'one of password_file and password is expected' });
      return z.NEVER;
    });
}

function addressProblem(url: URL, protocols: readonly string[], wanted: string): string | undefined {
  if (!protocols.includes(url.protocol)) return `${wanted} is expected`;
  if (url.username !== '' || url.password !== '') return 'credentials belong under credentials:, not in the address';
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    return 'scheme, host and port are allowed';
  return undefined;
}
