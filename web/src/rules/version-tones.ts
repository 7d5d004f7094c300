import type { RuleVersion } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'

export const VERSION_TONES: { readonly [State in RuleVersion['state']]: Tone } = {
  draft: 'quiet',
  shadow: 'quiet',
  active: 'good',
  paused: 'doubt',
  retired: 'quiet',
}
