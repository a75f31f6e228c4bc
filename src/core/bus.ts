import type { Case, CaseEvent } from './case.ts';
import type { Alert } from './alert.ts';

/** What happened, for those who watch: metrics, the console's live view, the log, the demo. Never decides anything. */
export type Happening =
  | { readonly kind: 'alert'; readonly at: number; readonly alert: Alert; readonly fate: AlertFate }
  | { readonly kind: 'case'; readonly at: number; readonly case: Case; readonly event: CaseEvent }
  /** What carries the mark of a remedy on a device, and belongs to no block: looked for each time blocks are compared. */
  | {
      readonly kind: 'strays';
      readonly at: number;
      readonly device: string;
      readonly remedy: string;
      readonly subjects: readonly string[];
    }
  | { readonly kind: 'reload'; readonly at: number; readonly successful: boolean; readonly detail: string };

/** What became of an alert: a new case, an open or already settled case, no remedy named, or not usable. */
export type AlertFate = 'opened' | 'repeated' | 'resolved' | 'without-remedy' | 'unusable';

export type Watcher = (happening: Happening) => void;

/** Tells watchers what happened, in order. A watcher that throws is told to `onError` and harms nobody else. */
export class Bus {
  readonly #watchers = new Set<Watcher>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  tell(happening: Happening): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(happening);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
