import { h } from 'preact';
import type { Case } from '../../core/case.ts';
import { targetText } from '../../core/target.ts';
import { heading, type Html } from './html.ts';
import { pill } from './pill.ts';
import { ago, left } from './time.ts';

/** What is blocked now, soonest end first. */
export function blocksSection(blocks: readonly Case[], now: number): Html {
  return h(
    'section',
    { id: 'blocks' },
    h('h2', null, 'Blocks ', h('span', { class: 'count' }, String(blocks.length))),
    blocks.length === 0
      ? h('p', { class: 'faint' }, 'Nothing is blocked.')
      : h(
          'table',
          null,
          heading('target', 'device', 'remedy', 'since', 'ends in', '', ''),
          h('tbody', null, ...blocks.map(block => blockRow(block, now))),
        ),
  );
}

function blockRow(block: Case, now: number): Html {
  const { id, device, remedy, target, heldFrom = block.updatedAt, dueAt = now, state } = block;
  return h(
    'tr',
    null,
    h('td', null, h('a', { href: `/cases/${id}` }, targetText(target) || device)),
    h('td', { class: 'name' }, device),
    h('td', { class: 'name' }, remedy),
    h('td', null, ago(heldFrom, now)),
    h('td', { class: 'number' }, left(dueAt, now)),
    h(
      'td',
      null,
      h('progress', {
        max: Math.max(1, dueAt - heldFrom),
        value: Math.min(Math.max(0, now - heldFrom), dueAt - heldFrom),
        'data-from': String(heldFrom),
        'data-to': String(dueAt),
      }),
    ),
    h(
      'td',
      { class: 'act' },
      state === 'releasing'
        ? pill('busy', 'releasing')
        : h('form', { method: 'post', action: `/blocks/${id}/release` }, h('button', null, 'Release now')),
    ),
  );
}
