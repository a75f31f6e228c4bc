import { systemClock, type Clock } from '../../../src/core/clock.ts';
import type { Json } from '../../../src/core/json.ts';
import { silentLog } from '../../../src/core/log.ts';
import { SecretSource } from '../../../src/core/secret-source.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { DeviceMemory, Tools } from '../../../src/devices/contract.ts';

/** Memory that outlives sessions, as the store's does; it goes through JSON, as the store does. */
export class RememberingMemory implements DeviceMemory {
  readonly #values = new Map<string, string>();
  writes = 0;

  async get(key: string): Promise<Json | undefined> {
    const text = this.#values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }

  async put(key: string, value: Json): Promise<void> {
    this.writes += 1;
    this.#values.set(key, JSON.stringify(value));
  }
}

export function bmcTools(memory: DeviceMemory = new RememberingMemory(), clock: Clock = systemClock): Tools {
  return { clock, log: silentLog, memory };
}

/** A secret as the configuration loader leaves it. */
export function secretSource(text: string): SecretSource {
  const source = new SecretSource('file', 'test');
  source.fill(new Secret(text));
  return source;
}

/** A signal that never aborts. */
export const never = new AbortController().signal;
