import type { Clear, Show } from '../request.ts';

/** How a reply is wanted. */
export type Form = 'xml' | 'text';

/** One way to put commands to a device: the CLI over SSH, or NETCONF. One question at a time per wire. */
export interface Wire {
  /**
   * Sends one command and gives its reply as it comes. Ends normally when the whole reply came, and only then.
   * Throws DeviceUnreachable when it broke off, DeviceRefused when the login or the host key was not accepted.
   */
  ask(request: Show | Clear, form: Form, signal: AbortSignal): AsyncGenerator<Buffer, void>;
  close(): void;
}
