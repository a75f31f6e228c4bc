/** `type=keygen`: user and password for the API key. Quoting as recorded on 11.0.6-h1. */
import type { Command } from '../command.ts';
import { invalidCredential, successSpaced } from '../replies.ts';
import { element } from '../xml.ts';

export const keygenCommands: readonly Command[] = [
  {
    type: 'keygen',
    changes: false,
    answer: ({ request, state }) => {
      const { username, password, apiKey } = state.account;
      const known = request.parameters.get('user') === username && request.parameters.get('password') === password;
      return { reply: known ? successSpaced(element('key', apiKey)) : invalidCredential() };
    },
  },
];
