/** `show object dynamic-address-group`: which addresses a group holds now, the proof that a tag is enforced. */
import { type Call, type Command, reads } from '../command.ts';
import { childText } from '../command-element.ts';
import { type Reply, successOfStatus } from '../replies.ts';
import { type DynamicGroup, membersOf } from '../state/tags/dynamic-groups.ts';
import { replyInVsys } from '../vsys.ts';
import { element, elementWith, fields, type Xml } from '../xml.ts';

export const dynamicAddressGroupCommands: readonly Command[] = [
  reads('show object dynamic-address-group', replyInVsys(dynamicAddressGroups)),
];

function dynamicAddressGroups(call: Call, vsys: string): Reply {
  const name = call.argument && childText(call.argument, 'name');
  const groups = call.state.dynamicGroups
    .filter(group => group.kind === 'address' && (group.vsys ?? vsys) === vsys)
    .filter(group => name === undefined || group.name === name);
  return successOfStatus(element('dyn-addr-grp', ...groups.map(group => entry(call, group, vsys))));
}

function entry({ member, state }: Call, group: DynamicGroup, vsys: string): Xml {
  const at = { now: state.now(), delayMs: state.behaviour.groupDelayMs };
  const members = membersOf(group, member.registeredAddresses, vsys, at);
  const values = fields({
    vsys: group.vsys,
    'group-name': group.name,
    filter: group.filter,
    'member-list': members.map(address => elementWith('entry', { name: address, type: 'registered-ip' })),
  });
  return element('entry', ...values);
}
