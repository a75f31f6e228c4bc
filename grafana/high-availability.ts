import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, lines } from './parts.ts';

const perMember = '{{device}} {{member}}';
const NEEDS_LOG = 'Empty until traffic_log is enabled for a device and something was logged.';

/** High availability of PAN-OS pairs, and how their sessions end. */
export function highAvailability(): DashboardBuilder {
  const title = 'unclog: high availability and session ends';
  const description = 'High availability of PAN-OS pairs, and how the sessions through them end.';
  return dashboard('unclog-high-availability', title, description)
    .withVariable(deviceVariable('panos_ha_enabled'))
    .withPanel(
      lines(
        {
          title: 'State of each member',
          description: 'The state that each member says it is in. A change of lines is a failover.',
          unit: 'short',
        },
        { expr: 'panos_ha_state{device=~"$device"} == 1', legend: `${perMember} {{state}}` },
      ).min(0),
    )
    .withPanel(
      lines(
        { title: 'HA links', description: '1 when a link is up, as each member sees it.', unit: 'short' },
        { expr: 'panos_ha_link_up{device=~"$device"}', legend: `${perMember} {{link}}` },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Synchronization',
          description: '1 when the configuration, and the state of sessions, are the same on both members.',
          unit: 'short',
        },
        { expr: 'panos_ha_config_synchronized{device=~"$device"}', legend: '{{device}} configuration' },
        { expr: 'panos_ha_state_synchronized{device=~"$device"}', legend: `${perMember} state` },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Time since the last change of state',
          description: 'How long each member has been in its state; for the active one since the last failover.',
          unit: 's',
        },
        {
          expr: 'time() - panos_ha_last_state_change_timestamp_seconds{device=~"$device"}',
          legend: perMember,
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Blocked sessions by reason',
          description: `${NEEDS_LOG} Sessions a second that a rule or the firewall itself blocked.`,
          unit: 'reqps',
        },
        {
          expr:
            'sum by (device, session_end_reason) (rate(panos_traffic_sessions_total{device=~"$device", ' +
            'verdict="blocked"}[$__rate_interval]))',
          legend: '{{device}} {{session_end_reason}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Allowed sessions by reason',
          description: `${NEEDS_LOG} Sessions a second that ended by themselves.`,
          unit: 'reqps',
        },
        {
          expr:
            'sum by (device, session_end_reason) (rate(panos_traffic_sessions_total{device=~"$device", ' +
            'verdict="allowed"}[$__rate_interval]))',
          legend: '{{device}} {{session_end_reason}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Sessions without an application',
          description: `${NEEDS_LOG} By the word that stands for the application; unclog explain tells what each means.`,
          unit: 'reqps',
        },
        {
          expr:
            'sum by (device, application) (rate(panos_traffic_unidentified_sessions_total{device=~"$device"}' +
            '[$__rate_interval]))',
          legend: '{{device}} {{application}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Lag of the traffic log',
          description: `${NEEDS_LOG} How far the reading is behind the newest entry.`,
          unit: 's',
        },
        { expr: 'panos_traffic_log_lag_seconds{device=~"$device"}', legend: perMember },
      ).min(0),
    );
}
