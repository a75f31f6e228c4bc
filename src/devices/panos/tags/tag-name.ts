import { z } from 'zod';

/** A tag as PAN-OS takes it in filters: at most 127 characters, no quotes, not an operator (vendor documents). */
export function tagName() {
  return z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/, 'letters, digits, dot, dash and underscore are allowed, 127 at most')
    .refine(name => !['and', 'or', 'not'].includes(name.toLowerCase()), 'and, or and not are operators of filters');
}
