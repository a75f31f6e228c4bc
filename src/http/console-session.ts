import { createHmac } from 'node:crypto';
import type { Secret } from '../core/secret.ts';
import { equalInConstantTime } from './constant-time.ts';

const NAME = 'unclog_session';
const LIFETIME_MS = 12 * 3_600_000;

/**
 * The console's login: a cookie that only a holder of the operator token could have made. It needs no memory, outlives
 * a restart, and ends after twelve hours or when the token is changed.
 */
export function sessionCookie(operator: Secret, now: number, secure: boolean): string {
  const end = now + LIFETIME_MS;
  return setCookie(`${end}.${seal(operator, end)}`, LIFETIME_MS / 1_000, secure);
}

export function endedSessionCookie(secure: boolean): string {
  return setCookie('', 0, secure);
}

export function hasSession(cookieHeader: string | undefined, operator: Secret, now: number): boolean {
  const value = readCookie(cookieHeader ?? '');
  const match = /^(\d{1,16})\.([\w-]{43})$/.exec(value ?? '');
  if (!match) return false;
  const end = Number(match[1]);
  return equalInConstantTime(match[2] as string, seal(operator, end)) && now < end;
}

function seal(operator: Secret, end: number): string {
  return createHmac('sha256', operator.reveal()).update(`unclog console session until ${end}`).digest('base64url');
}

function setCookie(value: string, seconds: number, secure: boolean): string {
  return `${NAME}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function readCookie(header: string): string | undefined {
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME) return value;
  }
  return undefined;
}
