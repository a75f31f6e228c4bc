import { driver } from '../contract.ts';
import { tls } from './collectors/tls.ts';
import { capturesEntry } from './config.ts';
import { openSession } from './session.ts';

/** A folder that a capturing program fills: what its captures show, as metrics. */
export const captures = driver({
  name: 'captures',
  config: capturesEntry,
  collectors: [tls],
  remedies: [],
  open: openSession,
});
