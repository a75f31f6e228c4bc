/** `show user group list` and `name`: CLI text in CDATA, as recorded on 9.1. */
import { type Call, type Command, reads } from '../command.ts';
import { child } from '../command-element.ts';
import { document, type Reply, success } from '../replies.ts';
import { membersOf } from '../state/tags/dynamic-groups.ts';
import { replyInVsys } from '../vsys.ts';
import { cdata } from '../xml.ts';

export const userGroupCommands: readonly Command[] = [
  reads('show user group list', replyInVsys(listGroups)),
  reads('show user group name', replyInVsys(nameGroup)),
];

function listGroups(call: Call, vsys: string): Reply {
  const kind = call.argument && child(call.argument, 'entry')?.attributes['name'];
  const dynamic = dynamicGroups(call, vsys).map(({ name }) => name);
  const directory = call.state.directory.groups().map(({ name }) => name);
  const names = kind === 'dynamic' ? dynamic : kind === undefined ? [...dynamic, ...directory] : [];
  const lines = names.map(name => `${name} \n`).join('');
  return success(cdata(`\n${lines}\nTotal: ${names.length}\n* : Custom Group\n\n`));
}

function nameGroup(call: Call, vsys: string): Reply {
  const { argument, member, state } = call;
  const name = argument?.text ?? '';
  const at = { now: state.now(), delayMs: state.behaviour.groupDelayMs };
  const dynamic = dynamicGroups(call, vsys).find(group => group.name === name);
  if (dynamic) return members(membersOf(dynamic, member.registeredUsers, vsys, at), 'Group type: Dynamic\n');
  const group = state.directory.groups().find(candidate => candidate.name === name);
  return group && group.members.length > 0 ? members(group.members, '') : missing(call, name);
}

function dynamicGroups({ state }: Call, vsys: string) {
  return state.dynamicGroups.filter(group => group.kind === 'user' && (group.vsys ?? vsys) === vsys);
}

function members(users: readonly string[], type: string): Reply {
  const lines = users.map((user, index) => `[${String(index + 1).padEnd(6)}] ${user}\n`);
  return success(cdata(`\n\nsource type: xmlapi\n${type}\n${lines.join('')}\n`));
}

function missing({ state }: Call, name: string): Reply {
  const text = `\nUser group '${name}' does not exist or does not have members\n`;
  if (state.behaviour.missingGroup === 'text') return success(cdata(text));
  return document(
    `<response status="success"><result>${cdata(text).toString().replace('<![CDATA[', '')}</result></response>`,
  );
}
