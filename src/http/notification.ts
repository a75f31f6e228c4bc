import { z } from 'zod';
import type { Alert } from '../core/alert.ts';
import { parseInstant } from './instant.ts';

/** Why one alert of a notification was left out. */
export type UnusableReason = 'shape' | 'labels' | 'labels-too-large' | 'starts-at';

/** An Alertmanager notification (webhook, version 4) in our own terms. */
export interface Notification {
  readonly alerts: readonly Alert[];
  /** Alerts that could not be read, by their place in the notification. The others are not lost for it. */
  readonly unusable: readonly { readonly index: number; readonly reason: UnusableReason; readonly detail: string }[];
  /** How many alerts Alertmanager itself cut off (`max_alerts`). */
  readonly truncated: number;
}

const LABELS_MAX = 64;
const NAME_MAX = 256;
const VALUE_MAX = 4_096;

// Unknown keys are let be: later versions of Alertmanager add some, as notification_reason (0.32), routeLabels (0.34).
const envelope = z.object({
  version: z.literal('4'),
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.number().int().nonnegative().default(0),
});

const alertShape = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.unknown().optional(),
  annotations: z.unknown().optional(),
  startsAt: z.string().max(64),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, '16 hex digits are expected'),
});

/** Parses the body of a webhook request. A text says why it is no notification at all. */
export function parseNotification(body: Uint8Array): Notification | string {
  const json = parseJson(body);
  if (typeof json === 'string') return json;
  const read = envelope.safeParse(json.value);
  if (!read.success) return describeEnvelope(json.value, read.error);
  const alerts: Alert[] = [];
  const unusable: { index: number; reason: UnusableReason; detail: string }[] = [];
  for (const [index, value] of read.data.alerts.entries()) {
    const alert = parseAlert(value);
    if ('reason' in alert) unusable.push({ index, ...alert });
    else alerts.push(alert);
  }
  return { alerts, unusable, truncated: read.data.truncatedAlerts };
}

function parseJson(body: Uint8Array): { readonly value: unknown } | string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return `the body is not JSON: ${error.message.slice(0, 200)}`;
    if (error instanceof TypeError) return 'the body is not UTF-8 text';
    throw error;
  }
}

function describeEnvelope(value: unknown, error: z.ZodError): string {
  const version: unknown =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (version !== '4') {
    const found = version === undefined ? 'no version' : `version ${JSON.stringify(version)?.slice(0, 40)}`;
    return `the body has ${found}; Alertmanager's webhook notification of version "4" is expected, without a custom payload`;
  }
  return `the body is not an Alertmanager notification: ${firstIssue(error)}`;
}

function parseAlert(value: unknown): Alert | { reason: UnusableReason; detail: string } {
  const read = alertShape.safeParse(value);
  if (!read.success) return { reason: 'shape', detail: firstIssue(read.error) };
  const { fingerprint, status } = read.data;
  const startsAt = parseInstant(read.data.startsAt);
  if (startsAt === undefined) return { reason: 'starts-at', detail: 'startsAt is not an instant of RFC 3339' };
  const labels = pairs(read.data.labels);
  if (!labels) return { reason: 'labels', detail: 'labels is not an object of texts' };
  if (labels.length > LABELS_MAX) {
    return { reason: 'labels-too-large', detail: `${labels.length} labels, ${LABELS_MAX} are allowed` };
  }
  const large = labels.find(([name, text]) => name.length > NAME_MAX || text.length > VALUE_MAX);
  if (large) {
    const [name, text] = large;
    const detail = `label ${JSON.stringify(name.slice(0, 40))} has ${text.length} characters, ${VALUE_MAX} are allowed`;
    return { reason: 'labels-too-large', detail };
  }
  // Annotations only inform: they are shortened, and never a reason to lose an alert.
  const annotations = (pairs(read.data.annotations) ?? [])
    .slice(0, LABELS_MAX)
    .map(([name, text]) => [name.slice(0, NAME_MAX), shorten(text)] as const);
  return { fingerprint, status, startsAt, labels: record(labels), annotations: record(annotations) };
}

function pairs(value: unknown): [string, string][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = Object.entries(value) as [string, unknown][];
  return found.every((pair): pair is [string, string] => typeof pair[1] === 'string') ? found : undefined;
}

// Defines own properties, so that a label named __proto__ is a label like any other.
function record(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(entries);
}

function shorten(text: string): string {
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 1)}…` : text;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'alert'}: ${issue.message}` : 'unknown';
}
