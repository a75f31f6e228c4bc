import { nearest } from '../config/nearest.ts';
import { type Term, termKey } from '../core/term.ts';
import { drivers } from '../devices/registry.ts';

/** A word as one driver knows it. */
export interface ExplainedTerm extends Term {
  readonly driver: string;
}

const MOST_SUGGESTED = 5;

/** Every word that a driver can explain, in the order of the drivers. */
export function explainable(): readonly ExplainedTerm[] {
  return drivers.flatMap(({ name, vocabulary = [] }) => vocabulary.map(term => ({ driver: name, ...term })));
}

/** What a word means, once for each field that it can stand in; nothing when no driver knows it. Case does not count. */
export function explain(value: string): readonly ExplainedTerm[] {
  return explainable().filter(term => termKey(term.value) === termKey(value));
}

/** Known words that may have been meant: the nearest in spelling, and those that hold it or a part of it. */
export function suggestTerms(value: string): readonly string[] {
  const known = explainable().map(term => term.value);
  const wanted = termKey(value);
  const alike = nearest(wanted, known.map(termKey));
  const parts = wanted.split('-').filter(part => part.length > 2);
  const holding = known.filter(word => parts.some(part => termKey(word).split('-').includes(part)));
  const spelled = known.filter(word => termKey(word) === alike);
  const distinct = new Map([...spelled, ...holding].map(word => [termKey(word), word]));
  return [...distinct.values()].slice(0, MOST_SUGGESTED);
}
