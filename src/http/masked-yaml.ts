import { stringify } from 'yaml';

const SECRET_KEY = /(password|passphrase|token|secret|api_?key|private_?key)$/i;

/**
 * A configuration as YAML, for people, without secrets. They mask themselves; a text under a key that names a secret
 * is masked as well, should one have slipped in.
 */
export function maskedYaml(config: unknown): string {
  const masked = JSON.stringify(config ?? null, (key, value: unknown) =>
    typeof value === 'string' && SECRET_KEY.test(key) ? '<secret>' : value,
  );
  return stringify(JSON.parse(masked));
}
