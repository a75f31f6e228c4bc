import { scanReply } from '../xml/scan-reply.ts';
import type { ElementReader, XmlScanner } from '../xml/scanner.ts';
import { ReplySurprise } from './fault.ts';
import type { FlowSession, FlowTally } from './flow-tally.ts';

const NAMES = [
  'flow-session',
  'flow-information',
  'session-state',
  'source-address',
  'source-port',
  'destination-address',
  'destination-port',
  'protocol',
  'displayed-session-count',
  'flow-session-information',
  're-name',
  'multi-routing-engine-item',
] as const;
const SESSION = 0;
const WING = 1;
const STATE = 2;
const SOURCE = 3;
const SOURCE_PORT = 4;
const DESTINATION = 5;
const DESTINATION_PORT = 6;
const PROTOCOL = 7;
const DISPLAYED = 8;
const CONTAINER = 9;
const NODE = 10;
const ITEM = 11;

/** What a list of sessions says about itself. */
export interface FlowListing {
  /** Sessions that the list held. */
  readonly listed: number;
  /** Nodes of a cluster that gave a list; empty on a standalone device. */
  readonly nodes: readonly string[];
}

/**
 * Reads a list of flow sessions of any length into `tally`, in every shape that is known (facts: junos, 4.3): one
 * container, one per SPU, either of them per node. Throws ReplySurprise unless the list is whole: the document is
 * closed, and every container holds as many sessions as its own `displayed-session-count` says.
 */
export async function readFlowList(chunks: AsyncIterable<Buffer>, tally: FlowTally): Promise<FlowListing> {
  const reader = new FlowListReader(tally);
  await scanReply(chunks, NAMES, reader);
  return reader.listing();
}

class FlowListReader implements ElementReader {
  readonly #tally: FlowTally;
  readonly #nodes: string[] = [];
  readonly #flow: FlowSession = {
    ...{ wings: 0, backup: false, protocol: '' },
    ...{ source: '', sourcePort: 0, destination: '', destinationPort: 0 },
  };
  #listed = 0;
  #containers = 0;
  #inContainer = 0;
  #displayed: number | undefined;
  #inSession = false;

  constructor(tally: FlowTally) {
    this.#tally = tally;
  }

  listing(): FlowListing {
    if (this.#containers === 0) throw new ReplySurprise('the list of sessions says nowhere how many it shows');
    return { listed: this.#listed, nodes: this.#nodes };
  }

  open(name: number): void {
    const flow = this.#flow;
    if (name === WING) flow.wings += 1;
    else if (name === SESSION) {
      this.#inSession = true;
      flow.wings = 0;
      flow.backup = false;
      flow.source = flow.destination = flow.protocol = '';
      flow.sourcePort = flow.destinationPort = -1;
    } else if (name === CONTAINER) {
      this.#inContainer = 0;
      this.#displayed = undefined;
    }
  }

  close(name: number, scanner: XmlScanner): void {
    if (this.#inSession) this.#closeInSession(name, scanner);
    else if (name === DISPLAYED) this.#displayed = scanner.uint();
    else if (name === CONTAINER) this.#closeContainer();
    else if (name === NODE) this.#nodes.push(scanner.text());
    else if (name === ITEM) this.#displayed = undefined;
  }

  #closeInSession(name: number, scanner: XmlScanner): void {
    const flow = this.#flow;
    if (name === SESSION) this.#closeSession();
    else if (name === STATE) flow.backup = scanner.text() === 'Backup';
    // Of a session with two wings the first, which comes in, tells where it is from.
    else if (flow.wings !== 1) return;
    else if (name === SOURCE) flow.source = scanner.text();
    else if (name === SOURCE_PORT) flow.sourcePort = scanner.uint() ?? -1;
    else if (name === DESTINATION) flow.destination = scanner.text();
    else if (name === DESTINATION_PORT) flow.destinationPort = scanner.uint() ?? -1;
    else if (name === PROTOCOL) flow.protocol = scanner.text();
  }

  #closeSession(): void {
    this.#inSession = false;
    this.#inContainer += 1;
    this.#listed += 1;
    if (!isPort(this.#flow.sourcePort) || !isPort(this.#flow.destinationPort)) {
      throw new ReplySurprise('a session without ports');
    }
    this.#tally.add(this.#flow);
  }

  #closeContainer(): void {
    // Shapes of 15.1X49 put empty containers between the full ones.
    if (this.#displayed === undefined && this.#inContainer === 0) return;
    if (this.#displayed !== this.#inContainer) {
      throw new ReplySurprise(
        `the list is not whole: it holds ${this.#inContainer} sessions and says ${this.#displayed ?? 'nothing'}`,
      );
    }
    this.#containers += 1;
  }
}

function isPort(value: number): boolean {
  return value >= 0 && value <= 0xffff;
}
