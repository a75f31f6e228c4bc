/** A dataplane as PAN-OS numbers it. Boxes with one slot often leave the slot out. */
interface Dataplane {
  readonly slot: string | undefined;
  readonly number: string;
}

/**
 * The one spelling of a dataplane's name: `dp0`, or `s1dp0` where the device names the slot. Understands the element
 * names of the resource monitor (`s1dp0`), of packet-buffer protection (`sw.comm.s1.dp0.packet-buffer-protection`), the
 * text of ingress-backlogs (`SLOT:s1, DP:dp0`) and of session info (`*.dp0`). Undefined when none is in the text.
 */
export function dataplaneName(text: string): string | undefined {
  const dataplane = parse(text);
  return dataplane && nameOf(dataplane);
}

/** Whether two names mean the same dataplane: on a box with one slot some commands name it and others do not. */
export function sameDataplane(left: string, right: string): boolean {
  const a = parse(left);
  const b = parse(right);
  return a !== undefined && b !== undefined && a.number === b.number && (a.slot ?? '1') === (b.slot ?? '1');
}

/** `name` as the resource monitor of the same device spells it, so that series of one dataplane carry one label. */
export function spelledLike(name: string, known: readonly string[]): string {
  return known.find(other => sameDataplane(other, name)) ?? name;
}

function parse(text: string): Dataplane | undefined {
  const match = /(?:^|[^a-z0-9])(?:s(\d{1,2})[^a-z0-9]*(?:dp:)?)?dp(\d{1,2})(?![a-z0-9])/i.exec(text);
  return match?.[2] === undefined ? undefined : { slot: match[1], number: match[2] };
}

function nameOf({ slot, number }: Dataplane): string {
  return slot === undefined ? `dp${number}` : `s${slot}dp${number}`;
}
