import { ConfigError } from '../core/errors.ts';
import type { ListenAddress } from './listen-address.ts';
import { isLoopback } from './loopback.ts';
import type { Tokens } from './parts.ts';

/**
 * Throws ConfigError when the service would listen beyond loopback without a webhook and an operator token: anybody
 * there could hand in alerts and approve what they cause. `file` is the configuration file, for the message.
 */
export function checkExposure(address: ListenAddress, tokens: Tokens, file: string): void {
  if (isLoopback(address.host)) return;
  const missing = (['webhook', 'operator'] as const).filter(scope => tokens[scope] === undefined);
  if (missing.length === 0) return;
  throw new ConfigError(
    missing.map(scope => ({
      file,
      line: 1,
      column: 1,
      path: `server.${scope}_token_file`,
      message: `missing; the service listens on ${address.host === '' ? 'every address' : address.host}, and beyond loopback this token is required: set it, or listen on 127.0.0.1`,
    })),
  );
}
