import * as z from 'zod'
import { Id, Time } from './common.ts'

export const Mail = z
  .strictObject({
    id: Id,
    kind: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    state: z.enum(['waiting', 'sent', 'held', 'failed']),
    reason: z
      .string()
      .nullable()
      .describe('Why it is held or failed: what a mail server answered, or that the address is none.'),
    createdAt: Time,
  })
  .meta({ id: 'Mail' })

export const AuditEntry = z
  .strictObject({
    id: Id,
    at: Time,
    actor: z.string(),
    action: z.string(),
    targetType: z.string(),
    targetId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'AuditEntry' })
