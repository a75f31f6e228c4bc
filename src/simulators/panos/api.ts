/** The XML API without the wire: credentials, the table of commands, and what a call answers. */
import type { Answer, Command } from './command.ts';
import { findCommand, isFound } from './dispatch.ts';
import { invalidCredential, refusal } from './replies.ts';
import type { ApiRequest } from './request.ts';
import type { Member } from './state/member.ts';
import type { PanosState } from './state/state.ts';

export class PanosApi {
  readonly #state: PanosState;
  readonly #commands: readonly Command[];

  constructor(state: PanosState, commands: readonly Command[]) {
    this.#state = state;
    this.#commands = commands;
  }

  /** Whether the call names a command that means to change state. */
  changes(request: ApiRequest): boolean {
    const found = findCommand(this.#commands, request);
    return isFound(found) && found.command.changes;
  }

  answer(request: ApiRequest, member: Member): Answer {
    if (request.path !== '/api/' && request.path !== '/api') return { reply: refusal(404, 'Not Found') };
    if (request.type !== 'keygen' && request.key !== this.#state.account.apiKey) return { reply: invalidCredential() };
    const found = findCommand(this.#commands, request);
    if (!isFound(found)) return { reply: found };
    return found.command.answer({ request, member, state: this.#state, argument: found.argument });
  }
}
