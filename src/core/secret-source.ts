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
  /** False for a file that is read with the secrets and is none: certificates, known hosts. */
  readonly confidential: boolean;
  #secret: Secret | undefined;

  constructor(kind: 'file' | 'env', name: string, confidential = true) {
    this.kind = kind;
    this.name = name;
    this.confidential = confidential;
  }

  get isFilled(): boolean {
    return this.#secret !== undefined;
  }

  get secret(): Secret {
    if (!this.#secret) throw new Bug(`secret from ${this.kind} ${this.name} was used before it was read`);
    return this.#secret;
  }

  fill(secret: Secret): void {
    this.#secret = secret;
  }

  toJSON(): string {
    return this.confidential ? '<secret>' : this.name;
  }
}
