import { ReplyFault, ReplySurprise } from './fault.ts';
import type { FlowListing } from './flow-list.ts';
import type { FlowSession, FlowTally } from './flow-tally.ts';

const LINE_MAX = 16 * 1024;
const SLICE_BYTES = 512 * 1024;
const WING = /^\s*(?:In|Out): (\S+)\/(\d+) --> (\S+)\/(\d+);([\w-]+)(?:,|$)/;
const TOTAL = /^\s*Total sessions: (\d+)\s*$/;
const NODE = /^(node\d+):\s*$/;
const HA_STATE = /, HA State: (Active|Backup)(?:,|$)/;
const ERROR = /^\s*error: |syntax error|unknown command|is ambiguous|No valid completions|missing mandatory argument/;
const OUTPUT_TAG = /<\/?(?:[\w-]+:)?(?:rpc-reply|output)(?:\s[^>]*)?>/g;

/**
 * Reads the text form of a list of flow sessions, 12.3 to 24.4, with or without SPUs and nodes. As strict as the XML
 * form: every block must hold as many sessions as its own `Total sessions` says, and the last line must be there.
 */
export async function readFlowListText(chunks: AsyncIterable<Buffer>, tally: FlowTally): Promise<FlowListing> {
  const reader = new TextReader(tally);
  let rest = '';
  let sinceBreak = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_MAX) throw new ReplySurprise('a line of more than 16 KiB');
    for (const line of lines) reader.line(line);
    sinceBreak += chunk.length;
    if (sinceBreak < SLICE_BYTES) continue;
    sinceBreak = 0;
    await new Promise(setImmediate);
  }
  reader.line(rest);
  return reader.listing();
}

/** Over NETCONF the text stands in an element, with its arrows escaped. */
function plain(line: string): string {
  const text = line.includes('<') ? line.replace(OUTPUT_TAG, '') : line;
  return text.includes('&') ? text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&') : text;
}

class TextReader {
  readonly #tally: FlowTally;
  readonly #nodes: string[] = [];
  #flow: FlowSession | undefined;
  #listed = 0;
  #inBlock = 0;
  #blocks = 0;

  constructor(tally: FlowTally) {
    this.#tally = tally;
  }

  line(line: string): void {
    const text = plain(line);
    if (text.startsWith('Session ID: ')) this.#begin(text);
    else if (WING.test(text)) this.#wing(text);
    else if (TOTAL.test(text)) this.#total(text);
    else if (NODE.test(text)) this.#nodes.push(text.trim().slice(0, -1));
    else if (ERROR.test(text)) throw new ReplyFault(text.trim().slice(0, 500));
  }

  listing(): FlowListing {
    if (this.#flow || this.#inBlock > 0 || this.#blocks === 0) {
      throw new ReplySurprise(`the list is not whole: its end, "Total sessions", did not come after ${this.#listed}`);
    }
    return { listed: this.#listed, nodes: this.#nodes };
  }

  #begin(text: string): void {
    this.#finish();
    this.#flow = {
      ...{ wings: 0, backup: HA_STATE.exec(text)?.[1] === 'Backup', protocol: '' },
      ...{ source: '', sourcePort: 0, destination: '', destinationPort: 0 },
    };
  }

  #wing(text: string): void {
    const flow = this.#flow;
    const [, source, sourcePort, destination, destinationPort, protocol] = WING.exec(text) ?? [];
    if (!flow || source === undefined || destination === undefined || protocol === undefined) {
      throw new ReplySurprise('a wing without a session');
    }
    flow.wings += 1;
    if (flow.wings > 1) return;
    Object.assign(flow, { source, destination, protocol });
    flow.sourcePort = Number(sourcePort);
    flow.destinationPort = Number(destinationPort);
  }

  #total(text: string): void {
    this.#finish();
    const total = Number(TOTAL.exec(text)?.[1]);
    if (total !== this.#inBlock) {
      throw new ReplySurprise(`the list is not whole: it holds ${this.#inBlock} sessions and says ${total}`);
    }
    this.#inBlock = 0;
    this.#blocks += 1;
  }

  #finish(): void {
    if (!this.#flow) return;
    if (this.#flow.wings === 0) throw new ReplySurprise('a session without a wing');
    this.#tally.add(this.#flow);
    this.#flow = undefined;
    this.#inBlock += 1;
    this.#listed += 1;
  }
}
