import type { Reply } from '../reply.ts';
import { childText, wholeNumber } from '../xml/element.ts';

/** `show session info`, as far as it is used. */
interface SessionInfo {
  readonly active: number | undefined;
  readonly limit: number | undefined;
}

/** Throws DeviceSurprise when neither number is there, or one of them is none. */
export function readSessionInfo(reply: Reply): SessionInfo {
  const numbers = { active: childText(reply.result, 'num-active'), limit: childText(reply.result, 'num-max') };
  if (numbers.active === undefined && numbers.limit === undefined)
    throw reply.surprise('no <num-active>, no <num-max>');
  const read = (text: string | undefined) => {
    const value = wholeNumber(text);
    if (text !== undefined && value === undefined) throw reply.surprise(`"${text.slice(0, 40)}" is not a number`);
    return value;
  };
  return { active: read(numbers.active), limit: read(numbers.limit) };
}
