import { Bug } from './errors.ts';
import type { Secret } from './secret.ts';

/**
 * Where the configuration says that a secret stands: a file (`*_file`) or an environment variable (`${NAME}`).
 * The configuration loader reads it; drivers call `secret`.
 */
export class SecretSource {
  readonly kind: 'file' | 'env';
  /** File path as written, or name of the variable. */
  readonly name: string;
  #secret: Secret | undefined;

  constructor(kind: 'file' | 'env', name: string) {
    this.kind = kind;
    this.name = name;
  }

  get secret(): Secret {
    if (!this.#secret) throw new Bug(`secret from ${this.kind} ${this.name} was used before it was read`);
    return this.#secret;
  }

  fill(secret: Secret): void {
    this.#secret = secret;
  }

  toJSON(): string {
    return '<secret>';
  }
}
