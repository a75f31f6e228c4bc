import type { Secret } from '../core/secret.ts';
import type { SecretSource } from '../core/secret-source.ts';
import type { ServerConfig } from './config.ts';
import type { Frame } from './frame.ts';
import type { Problems } from './problems.ts';

const SHORTEST = 16;

/**
 * The access tokens, once they are read. One that cannot travel in a header is a problem; one that is short, or equal to
 * that of another scope, a warning.
 */
export function readServer(
  keys: Frame['server'],
  problems: Problems,
): { readonly config: ServerConfig; readonly warnings: readonly string[] } {
  const scrape = token(keys.scrape_token_file, 'scrape_token_file', problems);
  const webhook = token(keys.webhook_token_file, 'webhook_token_file', problems);
  const operator = token(keys.operator_token_file, 'operator_token_file', problems);
  const config = {
    ...(scrape && { scrapeToken: scrape }),
    ...(webhook && { webhookToken: webhook }),
    ...(operator && { operatorToken: operator }),
  };
  return { config, warnings: weaknesses({ scrape, webhook, operator }) };
}

function token(source: SecretSource | undefined, key: string, problems: Problems): Secret | undefined {
  if (!source?.isFilled) return undefined;
  if (/^[\x21-\x7e]+$/.test(source.secret.reveal())) return source.secret;
  problems.add(
    ['server', key],
    'its file holds more than a token; one line of printable ASCII without spaces is expected',
  );
  return undefined;
}

function weaknesses(tokens: Readonly<Record<string, Secret | undefined>>): readonly string[] {
  const warnings: string[] = [];
  const scopes = new Map<string, string>();
  for (const [scope, secret] of Object.entries(tokens)) {
    if (!secret) continue;
    const text = secret.reveal();
    if (text.length < SHORTEST)
      warnings.push(`server.${scope}_token_file holds a token of less than ${SHORTEST} characters`);
    const other = scopes.get(text);
    if (other !== undefined)
      warnings.push(`server.${scope}_token_file and server.${other}_token_file hold the same token`);
    scopes.set(text, scope);
  }
  return warnings;
}
