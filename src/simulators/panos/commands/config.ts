/** `type=config`: the candidate read and changed, the running configuration read. A delete acts on the path alone. */
import type { Answer, Call, Command } from '../command.ts';
import { parseCommand } from '../command-element.ts';
import { commandSucceeded, failure, failureWithoutCode, objectMissing, type Reply, success } from '../replies.ts';
import { parsePath, type PathStep } from '../state/configuration/config-path.ts';
import {
  type ChangeMarks,
  changeAt,
  type ConfigNode,
  moveAt,
  nodesAt,
  type Place,
  setAt,
} from '../state/configuration/config-tree.ts';
import type { ConfigChange } from '../state/configuration/configuration.ts';
import { slashedTime } from '../state/local-time.ts';
import { carriesTraffic } from '../state/member.ts';
import { elementWith, type Xml } from '../xml.ts';

export const configCommands: readonly Command[] = [
  { type: 'config', action: 'get', changes: false, answer: withPath(get) },
  { type: 'config', action: 'show', changes: false, answer: withPath(show) },
  { type: 'config', action: 'set', changes: true, answer: withPath(changing(set)) },
  { type: 'config', action: 'edit', changes: true, answer: withPath(changing(edit)) },
  { type: 'config', action: 'delete', changes: true, answer: withPath(changing(remove)) },
  { type: 'config', action: 'move', changes: true, answer: withPath(changing(move)) },
];

type Path = readonly PathStep[];
type Draft = Pick<ConfigChange, 'action' | 'apply'>;

function withPath(answer: (call: Call, path: Path) => Answer): (call: Call) => Answer {
  return call => {
    const path = parsePath(call.request.parameters.get('xpath') ?? '');
    return path ? answer(call, path) : { reply: failure(6, 'Bad Xpath') };
  };
}

function get({ member }: Call, path: Path): Answer {
  const found = nodesAt(member.configuration.candidate, path);
  return { reply: found.length > 0 ? success(...found.map(written)) : objectMissing() };
}

function show({ member }: Call, path: Path): Answer {
  const found = nodesAt(member.configuration.running, path);
  return { reply: found.length > 0 ? success(...found.map(written)) : failureWithoutCode('No such node') };
}

/** A change is worked out first, or refused; it is in the candidate only once its effect happens. */
function changing(draft: (call: Call, path: Path) => Draft | Reply): (call: Call, path: Path) => Answer {
  return (call, path) => {
    const { member, request, state } = call;
    const refused = refusalOf(call);
    if (refused) return { reply: refused };
    const drafted = draft(call, path);
    if ('status' in drafted) return { reply: drafted };
    const xpath = request.parameters.get('xpath') ?? '';
    const change: ConfigChange = { ...drafted, xpath, admin: state.account.username };
    return { reply: commandSucceeded(), effect: () => member.configuration.change(change) };
  };
}

function refusalOf({ member, state }: Call): Reply | undefined {
  if (!carriesTraffic(member) && state.behaviour.passiveConfiguration === 'refused') {
    return failure(15, 'Operation not allowed on a passive device');
  }
  const lock = member.locks.find(({ admin, kind }) => kind === 'config' && admin !== state.account.username);
  return lock && failureWithoutCode('Config for scope shared is currently locked');
}

function set(call: Call, path: Path): Draft | Reply {
  const elements = elementsOf(call);
  if (!elements || elements.length === 0) return failure(12, 'Invalid element');
  const action = nodesAt(call.member.configuration.candidate, path).length > 0 ? 'EDIT' : 'CREATE';
  const marks = marksOf(call);
  return { action, apply: tree => setAt(tree, path, elements, marks) };
}

function edit(call: Call, path: Path): Draft | Reply {
  const [element, ...others] = elementsOf(call) ?? [];
  if (element?.name !== path.at(-1)?.name || !element || others.length > 0) return failure(12, 'Invalid element');
  if (nodesAt(call.member.configuration.candidate, path).length === 0) return objectMissing();
  return { action: 'EDIT', apply: tree => changeAt(tree, path, () => [element]) };
}

function remove({ member }: Call, path: Path): Draft | Reply {
  if (nodesAt(member.configuration.candidate, path).length === 0) return objectMissing();
  return { action: 'DELETE', apply: tree => changeAt(tree, path, () => []) };
}

function move({ member, request }: Call, path: Path): Draft | Reply {
  const where = PLACES.find(place => place === request.parameters.get('where'));
  const dst = request.parameters.get('dst') ?? '';
  const { candidate } = member.configuration;
  const beside = [...path.slice(0, -1), { name: 'entry', entry: dst }];
  const needsDst = where === 'before' || where === 'after';
  if (!where || (needsDst && nodesAt(candidate, beside).length === 0)) return failure(12, 'Invalid destination');
  if (nodesAt(candidate, path).length !== 1) return failure(7, 'Object not present');
  return { action: 'MOVE', apply: tree => moveAt(tree, path, { where, dst }) };
}

const PLACES: readonly Place['where'][] = ['top', 'bottom', 'before', 'after'];

function elementsOf({ request }: Call): readonly ConfigNode[] | undefined {
  return parseCommand(`<element>${request.parameters.get('element') ?? ''}</element>`)?.children;
}

function marksOf({ member, state }: Call): ChangeMarks {
  return {
    admin: state.account.username,
    dirtyId: String(member.configuration.pending.length + 1),
    time: slashedTime(state.now(), state.platform.timeZone),
  };
}

function written(node: ConfigNode): Xml {
  return elementWith(node.name, node.attributes, node.text, ...node.children.map(written));
}
