import * as z from 'zod'
import { Id } from './common.ts'

export const TakenBounces = z
  .strictObject({
    items: z.array(
      z.strictObject({
        mailId: Id,
        status: z.string().describe('Enhanced status code (RFC 3463); empty where the report has none.'),
        verdict: z
          .enum(['undeliverable', 'failed', 'nothing'])
          .describe(
            '`undeliverable`: nothing is sent there any more. `failed`: this mail did not arrive. `nothing`: it is late, or it arrived.',
          ),
      }),
    ),
  })
  .meta({
    id: 'TakenBounces',
    examples: [
      {
        items: [
          { mailId: '0195f3a0-7c1e-7b52-9d3e-2f6b8c1d4e5f', status: '5.1.1', verdict: 'undeliverable' },
        ],
      },
    ],
  })
