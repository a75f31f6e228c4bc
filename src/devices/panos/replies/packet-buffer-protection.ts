import { dataplaneName } from '../dataplane.ts';
import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, wholeNumber, type XmlElement } from '../xml/element.ts';

/** What packet-buffer protection holds to be an offender: the id of a session, or a source address. */
export interface ProtectionEntry {
  /** As sent: digits for a session, otherwise an address; or something else, which nothing may act on. */
  readonly value: string;
  /** Percent of the buffer. */
  readonly share: number | undefined;
  readonly zone: string | undefined;
  /** The device itself drops this offender's packets already. */
  readonly dropping: boolean;
}

export interface DataplaneProtection {
  readonly dataplane: string;
  /** Buffers in use, 0 to 1; undefined where the device does not say. */
  readonly congestion: number | undefined;
  /** The device is mitigating now. */
  readonly running: boolean;
  readonly entries: readonly ProtectionEntry[];
}

const SUFFIX = '.packet-buffer-protection';

/**
 * `show session packet-buffer-protection`: one element per dataplane, as `sw.comm.s1.dp0.packet-buffer-protection`.
 * A member that carries no traffic gives none. Throws DeviceSurprise when a number is not one.
 */
export function readPacketBufferProtection(reply: Reply): readonly DataplaneProtection[] {
  return reply.result.children.flatMap(element => {
    if (!element.name.endsWith(SUFFIX)) return [];
    const dataplane = dataplaneName(element.name.slice(0, -SUFFIX.length));
    if (dataplane === undefined) throw reply.surprise(`no dataplane in <${element.name.slice(0, 80)}>`);
    return [readDataplane(reply, dataplane, element)];
  });
}

function readDataplane(reply: Reply, dataplane: string, element: XmlElement): DataplaneProtection {
  return {
    dataplane,
    congestion: congestion(reply, element),
    running: isTrue(childText(element, 'is-running')),
    entries: childrenNamed(child(element, 'entries'), 'entry').map(readEntry),
  };
}

function congestion(reply: Reply, element: XmlElement): number | undefined {
  const usedText = childText(element, 'congestion');
  const mostText = childText(element, 'congestion-max');
  if (usedText === undefined || mostText === undefined) return undefined;
  const used = wholeNumber(usedText);
  const most = wholeNumber(mostText);
  if (used === undefined || most === undefined) throw reply.surprise(`congestion is ${usedText} of ${mostText}`);
  return most === 0 ? undefined : used / most;
}

function readEntry(entry: XmlElement): ProtectionEntry {
  return {
    value: childText(entry, 'value') ?? '',
    share: wholeNumber(childText(entry, 'perc')),
    zone: childText(entry, 'zone'),
    dropping: isTrue(childText(entry, 'drop-state')),
  };
}

/** `True` in one place, `Yes` in another. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(true|yes)$/i.test(text);
}
