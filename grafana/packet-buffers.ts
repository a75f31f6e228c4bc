import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, lines, withThreshold } from './parts.ts';

/** As the alert PanosPacketBufferHigh. */
const ALERT_FROM = 0.8;

const perDataplane = '{{device}} {{member}} {{dataplane}}';
const perMember = '{{device}} {{member}}';

/** The packet buffers of PAN-OS firewalls, and what was done about them. */
export function packetBuffers(): DashboardBuilder {
  const title = 'unclog: packet buffers';
  return dashboard('unclog-packet-buffers', title, 'Packet buffers of PAN-OS firewalls, and the remedies taken.')
    .withVariable(deviceVariable('panos_packet_buffer_ratio'))
    .withPanel(
      withThreshold(
        lines(
          {
            title: 'Packet buffer by dataplane',
            description:
              'Packet buffers in use over the last second. The dashed line is where PanosPacketBufferHigh fires; a full ' +
              'buffer drops packets of every session. Remedies taken are marked.',
            unit: 'percentunit',
          },
          { expr: 'panos_packet_buffer_ratio{device=~"$device"}', legend: perDataplane },
        ),
        ALERT_FROM,
      )
        .span(24)
        .height(10),
    )
    .withPanel(
      withThreshold(
        lines(
          {
            title: 'Packet descriptors by dataplane',
            description: 'Packet descriptors in use, and those on the chip where the platform has them.',
            unit: 'percentunit',
          },
          { expr: 'panos_packet_descriptor_ratio{device=~"$device"}', legend: perDataplane },
          { expr: 'panos_packet_descriptor_on_chip_ratio{device=~"$device"}', legend: `${perDataplane} on chip` },
        ),
        ALERT_FROM,
      ),
    )
    .withPanel(
      withThreshold(
        lines(
          {
            title: 'Packet buffer protection',
            description:
              "Congestion as the firewall's own packet buffer protection counts it. Absent where that protection is off.",
            unit: 'percentunit',
          },
          { expr: 'panos_packet_buffer_protection_congestion_ratio{device=~"$device"}', legend: perDataplane },
        ),
        ALERT_FROM,
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Sessions by member',
          description: 'Sessions in the session table of each member, and what the table can hold.',
          unit: 'short',
        },
        { expr: 'panos_sessions{device=~"$device"}', legend: perMember },
        { expr: 'panos_sessions_limit{device=~"$device"}', legend: `${perMember} limit` },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Verdicts of discards',
          description:
            'Cases of panos/discard-sessions that came to an end within each interval, by outcome: effective, ineffective ' +
            '(the buffer stayed full), harmful, or none of these.',
          unit: 'short',
        },
        {
          expr:
            'sum by (device, outcome) (increase(unclog_cases_total{device=~"$device", remedy="panos/discard-sessions"}' +
            '[$__rate_interval]))',
          legend: '{{device}} {{outcome}}',
        },
      ).min(0),
    );
}
