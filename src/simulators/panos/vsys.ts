/** Which virtual system a call means. */
import type { Answer, Call } from './command.ts';
import { failureWithoutCode, type Reply } from './replies.ts';

/** Answers with the virtual system of `vsys=`, or the first one; refuses one that is not there. */
export function inVsys(answer: (call: Call, vsys: string) => Answer): (call: Call) => Answer {
  return call => {
    const { systems } = call.state.platform;
    const asked = call.request.parameters.get('vsys') ?? systems[0];
    return systems.includes(asked) ? answer(call, asked) : { reply: noSuchVsys() };
  };
}

/** The same for a call that only reads. */
export function replyInVsys(reply: (call: Call, vsys: string) => Reply): (call: Call) => Reply {
  return call => inVsys((inner, vsys) => ({ reply: reply(inner, vsys) }))(call).reply;
}

function noSuchVsys(): Reply {
  return failureWithoutCode('You must specify a valid vsys');
}
