import { h } from 'preact';
import type { Html } from './html.ts';

export function loginPage(problem: string | undefined): Html {
  return h(
    'form',
    { method: 'post', action: '/login', class: 'login' },
    h('h1', null, 'Operator'),
    problem === undefined ? null : h('p', { class: 'error', role: 'alert' }, problem),
    h('label', { for: 'token' }, 'Operator token'),
    h('input', {
      id: 'token',
      name: 'token',
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      autofocus: true,
    }),
    h('button', { class: 'primary' }, 'Log in'),
  );
}
