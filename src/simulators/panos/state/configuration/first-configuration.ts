/** The configuration that the firewall starts with: the rules of the office, and those that the tag `quota` needs. */
import type { ConfigNode } from './config-tree.ts';
import { Configuration } from './configuration.ts';

interface Rule {
  readonly name: string;
  readonly source?: string;
  readonly sourceUser?: string;
  readonly application?: string;
  readonly action: 'allow' | 'deny';
  /** Elements that a rule has only once somebody has set them. */
  readonly more?: readonly ConfigNode[];
}

const RULES: readonly Rule[] = [
  { name: 'deny-quota-addresses', source: 'quota', action: 'deny' },
  { name: 'deny-quota-users', sourceUser: 'quota-users', action: 'deny' },
  { name: 'allow-voice', application: 'sip', action: 'allow', more: oftenSet() },
  { name: 'allow-internet', action: 'allow' },
];

export function firstConfiguration(systems: readonly string[]): Configuration {
  const all = systems.map((vsys, index) => entry(vsys, [rulebase(index === 0 ? RULES : [])]));
  const devices = node('devices', [entry('localhost.localdomain', [node('vsys', all)])]);
  return new Configuration(node('config', [devices, node('shared', [])]));
}

function rulebase(rules: readonly Rule[]): ConfigNode {
  return node('rulebase', [node('security', [node('rules', rules.map(ruleEntry))])]);
}

function ruleEntry(rule: Rule, index: number): ConfigNode {
  const { action, application = 'any', more = [], name, source = 'any', sourceUser = 'any' } = rule;
  const uuid = `7d6f3c1e-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
  const children = [
    list('from', 'trust'),
    list('to', 'untrust'),
    list('source', source),
    list('destination', 'any'),
    list('source-user', sourceUser),
    list('category', 'any'),
    list('application', application),
    list('service', 'application-default'),
    list('source-hip', 'any'),
    list('destination-hip', 'any'),
    leaf('action', action),
    ...more,
  ];
  return { ...entry(name, children), attributes: { name, uuid } };
}

function oftenSet(): readonly ConfigNode[] {
  return [
    leaf('log-start', 'no'),
    leaf('log-end', 'yes'),
    leaf('description', 'telephones'),
    leaf('rule-type', 'universal'),
    list('tag', 'voice'),
    leaf('negate-source', 'no'),
    leaf('negate-destination', 'no'),
    leaf('disabled', 'no'),
    node('option', [leaf('disable-server-response-inspection', 'no')]),
  ];
}

function list(name: string, member: string): ConfigNode {
  return node(name, [leaf('member', member)]);
}

function leaf(name: string, text: string): ConfigNode {
  return { name, attributes: {}, text, children: [] };
}

function entry(name: string, children: readonly ConfigNode[]): ConfigNode {
  return { name: 'entry', attributes: { name }, text: '', children };
}

function node(name: string, children: readonly ConfigNode[]): ConfigNode {
  return { name, attributes: {}, text: '', children };
}
