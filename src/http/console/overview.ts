import { h } from 'preact';
import type { HttpParts } from '../parts.ts';
import { approvalsSection } from './approvals.ts';
import { blocksSection } from './blocks.ts';
import { casesSection } from './cases.ts';
import { devicesSection } from './devices.ts';
import type { Html } from './html.ts';

const CASES_SHOWN = 50;

/** The first page: what waits for a person, what is blocked, how the devices are, and what happened lately. */
export async function overview(parts: HttpParts): Promise<Html> {
  const { devices, observer, remediation } = parts.live();
  const now = parts.clock.now();
  const [waiting, blocks, recent] = await Promise.all([
    remediation.cases({ states: ['awaiting-approval'], limit: CASES_SHOWN }),
    remediation.blocks(),
    remediation.cases({ limit: CASES_SHOWN }),
  ]);
  return h(
    'div',
    { class: 'overview' },
    approvalsSection(waiting, now),
    blocksSection(blocks, now),
    devicesSection(devices, observer.status(), now),
    casesSection(recent, now),
  );
}
