import { h } from 'preact';
import { isAtRest, outcomeOf, type Case } from '../../core/case.ts';
import type { Html } from './html.ts';

type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

/** A short word with a colour, and a mark for those who do not see the colour. */
export function pill(tone: Tone, word: string): Html {
  return h('span', { class: `pill ${tone}` }, word);
}

const TONES: Readonly<Record<string, Tone>> = {
  effective: 'good',
  'not-needed': 'good',
  ineffective: 'warn',
  unverified: 'warn',
  refused: 'warn',
  harmful: 'bad',
  failed: 'bad',
  planned: 'quiet',
};

/** Where a case stands: how it ended, or what it is at. */
export function casePill(subject: Case): Html {
  if (!isAtRest(subject)) return pill('busy', subject.state);
  const outcome = outcomeOf(subject);
  return pill(TONES[outcome] ?? 'quiet', outcome === 'planned' ? 'dry run' : outcome);
}
