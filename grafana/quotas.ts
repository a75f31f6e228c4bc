import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, lines } from './parts.ts';

const top = (kind: string) => `topk(10, panos_quota_${kind}_bytes{device=~"$device"})`;
const limit = (scope: string) => `panos_quota_limit_bytes{device=~"$device", scope="${scope}"}`;

/** Top talkers of PAN-OS firewalls against their limits, and who is blocked until when. */
export function quotas(): DashboardBuilder {
  const title = 'unclog: quotas';
  const built = dashboard(
    'unclog-quotas',
    title,
    'Bytes per quarter of an hour against the limits, and the blocks.',
  ).withVariable(deviceVariable('panos_quota_limit_bytes'));
  for (const [kind, who] of [
    ['address', 'Addresses'],
    ['user', 'Users'],
    ['group', 'Groups'],
  ] as const) {
    built.withPanel(
      lines(
        {
          title: `${who} with the most bytes, and the limit`,
          description: 'Bytes in the last complete quarter of an hour; two minutes after it ends a new one is shown.',
          unit: 'decbytes',
        },
        { expr: top(kind), legend: `{{device}} {{${kind}}}` },
        { expr: limit(kind), legend: '{{device}} limit' },
      ).min(0),
    );
  }
  return built
    .withPanel(
      lines(
        {
          title: 'Blocked addresses',
          description:
            'Addresses that carry the tag on the member in charge, whoever set it, and the blocks of unclog.',
          unit: 'short',
        },
        { expr: 'panos_registered_addresses{device=~"$device"}', legend: '{{device}} tag {{tag}}' },
        {
          expr: 'unclog_blocks_active{device=~"$device", remedy="panos/block-quota"}',
          legend: '{{device}} blocks',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Time until the next block ends',
          description:
            'Empty until something is blocked. Below zero: a release is overdue. Each block with its end stands in the console.',
          unit: 's',
        },
        {
          expr: 'unclog_blocks_soonest_end_timestamp_seconds{device=~"$device", remedy="panos/block-quota"} - time()',
          legend: '{{device}}',
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Age of the data',
          description: 'How long ago the quarter of an hour ended that is shown: 2 to 17 minutes.',
          unit: 's',
        },
        {
          expr: 'time() - panos_quota_window_end_timestamp_seconds{device=~"$device"}',
          legend: '{{device}}',
        },
      ).min(0),
    );
}
