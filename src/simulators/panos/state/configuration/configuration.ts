import { type ConfigNode, withoutMarks } from './config-tree.ts';

/** A change that is in the candidate and not yet committed. */
export interface ConfigChange {
  readonly admin: string;
  readonly xpath: string;
  readonly action: 'CREATE' | 'EDIT' | 'DELETE' | 'MOVE';
  readonly apply: (tree: ConfigNode) => ConfigNode;
}

/** The running configuration of one member, and the changes of all administrators that make its candidate. */
export class Configuration {
  #running: ConfigNode;
  #pending: readonly ConfigChange[] = [];

  constructor(running: ConfigNode) {
    this.#running = running;
  }

  get running(): ConfigNode {
    return this.#running;
  }

  get candidate(): ConfigNode {
    return applied(this.#running, this.#pending);
  }

  get pending(): readonly ConfigChange[] {
    return this.#pending;
  }

  change(change: ConfigChange): void {
    this.#pending = [...this.#pending, change];
  }

  /** Makes those changes run; the others stay pending. */
  commit(changes: readonly ConfigChange[]): void {
    this.#running = withoutMarks(applied(this.#running, changes));
    this.#pending = this.#pending.filter(change => !changes.includes(change));
  }

  /** Forgets all that is pending. */
  revert(): void {
    this.#pending = [];
  }

  /** Runs what another member runs; what was pending here is lost. */
  takeRunning(other: Configuration): void {
    this.#running = other.#running;
    this.#pending = [];
  }
}

function applied(tree: ConfigNode, changes: readonly ConfigChange[]): ConfigNode {
  return changes.reduce((current, change) => change.apply(current), tree);
}
