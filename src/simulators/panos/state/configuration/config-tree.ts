/** A configuration as a tree that is never changed in place: every change gives another tree. */
import type { PathStep } from './config-path.ts';

export interface ConfigNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly ConfigNode[];
}

/** What marks a node of the candidate that is not committed: who changed it and when. */
export type ChangeMarks = Readonly<Record<'admin' | 'dirtyId' | 'time', string>>;

/** The nodes at the path, whose first step is the root itself. */
export function nodesAt(root: ConfigNode, path: readonly PathStep[]): readonly ConfigNode[] {
  const [first, ...rest] = path;
  if (!first || !matches(root, first)) return [];
  return rest.reduce<readonly ConfigNode[]>(
    (nodes, step) => nodes.flatMap(({ children }) => children.filter(child => matches(child, step))),
    [root],
  );
}

/** The tree with the elements merged into every node at the path, which is made where it is missing. */
export function setAt(
  root: ConfigNode,
  path: readonly PathStep[],
  elements: readonly ConfigNode[],
  marks: ChangeMarks,
): ConfigNode {
  return changeAt(ensure(root, path.slice(1), marks), path, node => [mergeAll(node, elements, marks)]);
}

/** The tree with every node at the path replaced by what `change` makes of it; none removes it. */
export function changeAt(
  root: ConfigNode,
  path: readonly PathStep[],
  change: (node: ConfigNode) => readonly ConfigNode[],
): ConfigNode {
  const [step, ...rest] = path.slice(1);
  if (!step) return change(root)[0] ?? root;
  const children = root.children.flatMap(child => {
    if (!matches(child, step)) return [child];
    return rest.length === 0 ? change(child) : [changeAt(child, [step, ...rest], change)];
  });
  return { ...root, children };
}

/** Where an entry goes among its siblings; `dst` names one of them. */
export interface Place {
  readonly where: 'top' | 'bottom' | 'before' | 'after';
  readonly dst: string;
}

/** The tree with the entry at the path in another place. */
export function moveAt(root: ConfigNode, path: readonly PathStep[], { where, dst }: Place): ConfigNode {
  const [moved] = nodesAt(root, path);
  return changeAt(root, path.slice(0, -1), parent => {
    const others = parent.children.filter(child => child !== moved);
    const beside = others.findIndex(child => child.attributes['name'] === dst);
    const index = { top: 0, bottom: others.length, before: beside, after: beside + 1 }[where];
    return [{ ...parent, children: moved ? others.toSpliced(index, 0, moved) : others }];
  });
}

/** The tree without the marks of uncommitted changes. */
export function withoutMarks(node: ConfigNode): ConfigNode {
  const { admin: _admin, dirtyId: _dirtyId, time: _time, ...attributes } = node.attributes;
  return { ...node, attributes, children: node.children.map(withoutMarks) };
}

function matches(node: ConfigNode, step: PathStep): boolean {
  if (node.name !== step.name) return false;
  if (step.text !== undefined) return node.text === step.text;
  return step.entry === undefined || node.attributes['name'] === step.entry;
}

function ensure(node: ConfigNode, path: readonly PathStep[], marks: ChangeMarks): ConfigNode {
  const [step, ...rest] = path;
  if (!step) return node;
  const found = node.children.some(child => matches(child, step));
  const children = found ? node.children : [...node.children, nodeOf(step, marks)];
  return { ...node, children: children.map(child => (matches(child, step) ? ensure(child, rest, marks) : child)) };
}

function nodeOf({ name, entry, text = '' }: PathStep, marks: ChangeMarks): ConfigNode {
  return { name, attributes: { ...(entry === undefined ? {} : { name: entry }), ...marks }, text, children: [] };
}

function mergeAll(target: ConfigNode, elements: readonly ConfigNode[], marks: ChangeMarks): ConfigNode {
  return elements.reduce((node, element) => merge(node, element, marks), target);
}

function merge(target: ConfigNode, element: ConfigNode, marks: ChangeMarks): ConfigNode {
  const index = target.children.findIndex(child => isSame(child, element));
  const known = target.children[index];
  const merged = known
    ? mergeAll({ ...known, text: element.text }, element.children, marks)
    : { ...element, attributes: { ...element.attributes, ...marks } };
  return { ...target, children: known ? target.children.with(index, merged) : [...target.children, merged] };
}

// Entries are told apart by their name, members by their text; of anything else there is one.
function isSame(left: ConfigNode, right: ConfigNode): boolean {
  if (left.name !== right.name || left.attributes['name'] !== right.attributes['name']) return false;
  return left.name !== 'member' || left.text === right.text;
}
