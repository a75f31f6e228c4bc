/** What one command of the simulated API is. A family of commands is a file in `commands/` that exports a list. */
import type { CommandElement } from './command-element.ts';
import type { Reply } from './replies.ts';
import type { ApiRequest } from './request.ts';
import type { Member } from './state/member.ts';
import type { PanosState } from './state/state.ts';

export interface Call {
  readonly request: ApiRequest;
  /** The member that was asked. */
  readonly member: Member;
  readonly state: PanosState;
  /** The element in which the command's words end, with its arguments inside. Absent for calls without `cmd`. */
  readonly argument: CommandElement | undefined;
}

/**
 * A reply, and apart from it what the call does to the device. The two are apart so that a fault can let the effect
 * happen and lose the reply, or send the reply and drop the effect.
 */
export interface Answer {
  readonly reply: Reply;
  readonly effect?: () => void;
}

export interface Command {
  /** The API type: `op`, `version`, `user-id`, `report`, … */
  readonly type: string;
  /** The `action` parameter, where the type has several. */
  readonly action?: string;
  /** For `op`: the elements that lead to this command, as typed on the CLI. The longest match wins. */
  readonly words?: string;
  /** Whether this command means to change state. */
  readonly changes: boolean;
  answer(call: Call): Answer;
}

/** An `op` command that only reads. */
export function reads(words: string, reply: (call: Call) => Reply): Command {
  return { type: 'op', words, changes: false, answer: call => ({ reply: reply(call) }) };
}

/** An `op` command that changes something. */
export function changes(words: string, answer: (call: Call) => Answer): Command {
  return { type: 'op', words, changes: true, answer };
}
