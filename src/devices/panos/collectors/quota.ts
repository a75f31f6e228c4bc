import { DeviceSurprise, PartialResult } from '../../../core/errors.ts';
import { sample, type Metric, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { memberForTags } from '../acting-member.ts';
import { readHa } from '../ha-reading.ts';
import { limitOf, type QuotaSettings, type Scope } from '../quota/settings.ts';
import { readUsage } from '../quota/read-usage.ts';
import { sumOf, type Usage } from '../quota/usage.ts';
import { readUserGroup } from '../replies/user-group.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import { showUserGroup } from '../tags/commands.ts';
import { readTagged } from '../tags/read-tagged.ts';

const gauge = (name: string, labels: readonly string[], help: string, limit?: number): Metric => ({
  name,
  help,
  kind: 'gauge',
  labels,
  ...(limit !== undefined && { limit }),
});

const address = gauge(
  'panos_quota_address_bytes',
  ['address'],
  'Bytes of one source address in the last complete quarter of an hour.',
  10_000,
);
const user = gauge(
  'panos_quota_user_bytes',
  ['user'],
  'Bytes of one user over all addresses in the last complete quarter of an hour; the user in lower case.',
  10_000,
);
const group = gauge(
  'panos_quota_group_bytes',
  ['group'],
  'Bytes of all members of a configured group together in the last complete quarter of an hour.',
);
const limit = gauge('panos_quota_limit_bytes', ['scope'], 'The configured limit of an address, a user or a group.');
const windowEnd = gauge(
  'panos_quota_window_end_timestamp_seconds',
  [],
  'End of the quarter of an hour that the bytes are of. Absent when the report had no rows.',
);
const truncated = gauge(
  'panos_quota_report_truncated',
  [],
  '1 when the report was cut at its largest number of rows: sums of users and groups may be too small.',
);
const registered = gauge(
  'panos_registered_addresses',
  ['tag'],
  'Addresses that carry the tag on the member in charge, whoever registered them.',
);

/** Bytes per address, user and group against their limits. In the background: a report is dear for the device. */
export const quota: Collector<PanosSession> = {
  name: 'quota',
  cadence: 60,
  cadenceOf: session => (session.quota?.interval ?? 60_000) / 1_000,
  metrics: [address, user, group, limit, windowEnd, truncated, registered],
  collect: async (session, signal) => {
    const settings = session.quota;
    if (!settings) return [];
    const acting = memberForTags(await readHa(session, signal));
    const usage = await readUsage(session, settings, signal);
    const groups = usage ? await groupSamples(acting, settings, usage, signal) : { samples: [], errors: [] };
    const samples = [
      ...limitSamples(settings),
      ...(usage ? usageSamples(usage) : []),
      ...groups.samples,
      ...(await tagSamples(acting, settings, signal)),
    ];
    if (groups.errors.length > 0) throw new PartialResult(samples, groups.errors);
    return samples;
  },
};

function limitSamples(settings: QuotaSettings): readonly Sample[] {
  const scopes: readonly Scope[] = ['address', 'user', 'group'];
  return scopes.flatMap(scope => {
    const bytes = limitOf(settings, scope);
    return bytes === undefined ? [] : [sample(limit, { scope }, bytes)];
  });
}

function usageSamples(usage: Usage): readonly Sample[] {
  return [
    ...[...usage.addresses].map(([name, bytes]) => sample(address, { address: name }, bytes)),
    ...[...usage.users].map(([name, bytes]) => sample(user, { user: name }, bytes)),
    sample(windowEnd, {}, usage.bucket.endsAt / 1_000),
    sample(truncated, {}, usage.truncated ? 1 : 0),
  ];
}

/** A group that the device does not know, or that has no members, gives no sample: it does not say which. */
async function groupSamples(member: PanosMember, settings: QuotaSettings, usage: Usage, signal: AbortSignal) {
  const samples: Sample[] = [];
  const errors: DeviceSurprise[] = [];
  for (const name of settings.groups) {
    try {
      const members = readUserGroup(await member.read(showUserGroup(name), signal));
      if (members) samples.push(sample(group, { group: name }, sumOf(usage, members)));
    } catch (error) {
      // Some releases answer for a group that is not there with a document that is not well-formed.
      if (!(error instanceof DeviceSurprise)) throw error;
      errors.push(error);
    }
  }
  return { samples, errors };
}

async function tagSamples(member: PanosMember, settings: QuotaSettings, signal: AbortSignal) {
  const samples: Sample[] = [];
  for (const tag of settings.tags) {
    samples.push(sample(registered, { tag }, (await readTagged(member, 'address', tag, signal)).size));
  }
  return samples;
}
