import { h } from 'preact';
import { formatDuration } from '../../core/duration.ts';
import type { Html } from './html.ts';

/** `2026-11-21 03:05:07 UTC`. */
export function clockText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How long ago, with the instant as its title; the script keeps it current. */
export function ago(at: number, now: number): Html {
  return h(
    'time',
    { dateTime: new Date(at).toISOString(), title: clockText(at), 'data-since': String(at) },
    `${coarse(now - at)} ago`,
  );
}

/** How long until then, counted down by the script; `overdue` once it has passed. */
export function left(at: number, now: number): Html {
  const text = at > now ? formatDuration(Math.max(1_000, at - now)) : `overdue ${coarse(now - at)}`;
  const attributes = { dateTime: new Date(at).toISOString(), title: clockText(at), 'data-until': String(at) };
  return h('time', { ...attributes, class: at > now ? 'countdown' : 'countdown bad' }, text);
}

function coarse(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.floor(ms / 1_000))}s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)}h ${Math.floor((ms % 3_600_000) / 60_000)}m`;
  return `${Math.floor(ms / 86_400_000)}d`;
}
