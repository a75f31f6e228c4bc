import { Decoder } from '../decoding/decoder.ts';
import { Journal } from '../flows/journal.ts';
import { FlowColumns } from '../flows/columns.ts';
import { Tracker } from '../flows/tracker.ts';
import { PcapngScanner } from '../reading/pcapng.ts';
import { PcapScanner } from '../reading/pcap.ts';
import { giveBack, pump, takeBuffer, type Window } from '../reading/pump.ts';
import { findPcapngBlock, findPcapRecord } from '../reading/resync.ts';
import type { PacketSink, Scanner } from '../reading/scanner.ts';
import { FileSource } from '../reading/source.ts';
import type { Format, Partial, PlacedFinding, RangeJob } from './partial.ts';

/** So many findings are kept at most; whoever joins them reads the rest of the range. */
const MOST_FINDINGS = 50_000;

/** Reads one range of a file without knowing what comes before it. */
export async function readRange(job: RangeJob): Promise<Partial> {
  const findings: PlacedFinding[] = [];
  const journal = new Journal();
  const tracker: Tracker = new Tracker(job.wanted, {
    fileAt: () => job.path,
    onFinding: (finding, flow) => {
      findings.push({ at: decoder.segment.offset, flow, open: journal.isOpen(flow), finding });
      if (findings.length >= MOST_FINDINGS) scanner.limit = 0; // ends with the buffer that is being read
    },
    journal,
  });
  const decoder = new Decoder(tracker);
  decoder.origin = job.origin;
  decoder.fragments.notesKeys = true;
  const scanner = scannerOf(job.format, decoder);
  scanner.limit = job.to;
  const source = new FileSource(job.path, job.from);
  const window: Window = { buffer: takeBuffer(), start: 0, filled: 0, base: job.from };
  try {
    const start = synchronise(source, window, job.format);
    const reading = start === undefined ? { bytes: 0, damage: undefined } : await pump(source, scanner, window);
    return {
      start,
      end: window.base + window.start,
      bytes: reading.bytes,
      packets: scanner.packets,
      damage: reading.damage,
      format: formatAfter(job.format, scanner),
      findings,
      beginnings: journal.beginnings,
      steps: journal.steps.toArrays(),
      flows: tracker.table.size,
      columns: new FlowColumns(tracker.table.size, tracker.table.columns),
      fragmentKeys: decoder.fragments.keys,
      datagrams: decoder.fragments.waiting,
      unread: decoder.unread,
      lastStamp: [decoder.segment.stampHigh, decoder.segment.stampLow],
      unusable:
        journal.incomplete ||
        tracker.evicted > 0 ||
        tracker.waiting.overflows > 0 ||
        decoder.fragments.dropped > 0 ||
        holdsHttp2(tracker),
    };
  } finally {
    giveBack(window.buffer);
    source.close();
  }
}

export function scannerOf(format: Format, sink: PacketSink): Scanner {
  return format.kind === 'pcap' ? new PcapScanner(format.header, sink) : new PcapngScanner(sink, format.state);
}

/** The format as it stands behind what the scanner has read: sections and interfaces may have come. */
export function formatAfter(format: Format, scanner: Scanner): Format {
  return scanner instanceof PcapngScanner ? { kind: 'pcapng', state: scanner.state } : format;
}

/** Fills the window and moves its start to the first record; returns that record's file offset. */
function synchronise(source: FileSource, window: Window, format: Format): number | undefined {
  const { buffer, base } = window;
  while (window.filled < buffer.length) {
    const count = source.read(buffer, window.filled, buffer.length - window.filled);
    if (count === 0) break;
    window.filled += count;
  }
  const atEnd = window.filled < buffer.length;
  const found =
    format.kind === 'pcap'
      ? findPcapRecord(buffer, 0, window.filled, atEnd, format.header, format.firstSeconds)
      : findPcapngBlock(buffer, 0, window.filled, atEnd, format.state.bigEndian, base);
  if (found === undefined) return undefined;
  window.start = found;
  return base + found;
}

function holdsHttp2(tracker: Tracker): boolean {
  return tracker.table.columns.conversations.some(conversation => conversation?.http2);
}
