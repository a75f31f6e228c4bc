import type { ManualClock } from './manual-clock.ts';
import { type PanosClient, texts } from './panos-client.ts';

export interface LogOptions {
  readonly nlogs?: number;
  readonly skip?: number;
  readonly dir?: 'forward' | 'backward';
  readonly member?: number;
}

/** The call that submits a query over the traffic log. */
export function logCall(query: string, options: LogOptions = {}): Readonly<Record<string, string>> {
  const { dir = 'backward', nlogs = 20, skip = 0 } = options;
  return { type: 'log', 'log-type': 'traffic', query, nlogs: String(nlogs), skip: String(skip), dir };
}

/** Submits the query, lets its job finish, and returns the document that it ends with. */
export async function runLogQuery(
  client: PanosClient,
  clock: ManualClock,
  query: string,
  options: LogOptions = {},
): Promise<string> {
  const { member = 0 } = options;
  const { body } = await client.call(logCall(query, options), { member });
  const [job] = texts(body, 'job');
  if (job === undefined) throw new Error(`no job: ${body}`);
  await clock.advance(1_000);
  return (await client.call({ type: 'log', action: 'get', 'job-id': job }, { member })).body;
}

/** The sequence numbers of the entries, in document order. */
export function seqnos(body: string): readonly bigint[] {
  return texts(body, 'seqno').map(BigInt);
}
