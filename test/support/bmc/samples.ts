import type { Sample } from '../../../src/core/sample.ts';
import type { AnyDriver, Session } from '../../../src/devices/contract.ts';
import { never } from './tools.ts';

/** What one collector of a driver gives, as `name{label="value"} value`, in its own order. */
export async function collected(driver: AnyDriver, session: Session, name: string): Promise<readonly string[]> {
  const collector = driver.collectors.find(candidate => candidate.name === name);
  if (!collector) throw new TypeError(`${driver.name} has no collector ${name}`);
  return (await collector.collect(session, never)).map(line);
}

/** Only the lines whose value is not 0. */
export async function counted(driver: AnyDriver, session: Session, name: string): Promise<readonly string[]> {
  return (await collected(driver, session, name)).filter(text => !text.endsWith(' 0'));
}

function line({ metric, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${metric.name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}
