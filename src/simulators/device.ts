import type { Json, JsonObject } from '../core/json.ts';

/** A file that a client of the simulated device needs: a key, a password, a certificate. */
export interface ClientFile {
  /** File name inside the client's folder, without a path. */
  readonly name: string;
  readonly text: string;
}

/** A simulated device as the fleet and its control plane see it. */
export interface SimulatedDevice {
  /** As in `devices:` of the configuration. */
  readonly name: string;
  readonly driver: string;
  readonly addresses: readonly string[];
  readonly files: readonly ClientFile[];
  /** The device's entry for `devices:`; `folder` is where the files above were written. */
  entry(folder: string): JsonObject;
  /** What it is up to right now, for people to look at. */
  describe(): JsonObject;
  /** Orders a fault given as JSON. Throws a ZodError or a RangeError that says what is wrong with the order. */
  orderFault(order: unknown): void;
  clearFaults(): void;
  /** Makes trouble given as JSON and tells what came of it. Throws as `orderFault` does. */
  makeTrouble(order: unknown): Json;
  /** Every call so far, oldest first, without secrets. */
  calls(): readonly JsonObject[];
  close(): Promise<void>;
}
