import { setTimeout as sleep } from 'node:timers/promises'
import type { Pause } from '#services/ports/pause.ts'

export const systemPause: Pause = (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => {})
