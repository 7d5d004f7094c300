import { useFormat } from '#web/i18n/use-format.ts'
import styles from './pipeline.module.css'

/** Done, under way, held up, ended: the colour of a state in the bar. The words stand beside it. */
const TONES: Readonly<Record<string, string>> = {
  evaluated: 'done',
  issued: 'done',
  final: 'done',
  claimed: 'done',
  quarantined: 'held',
  awaiting_approval: 'held',
  awaiting_endorsement: 'held',
  revoked: 'ended',
  refused: 'ended',
  rejected: 'ended',
  expired: 'quiet',
  superseded: 'quiet',
  unmatched: 'quiet',
}

interface PipelineStationProps {
  readonly title: string
  readonly counts: Readonly<Record<string, number>>
  /** What has come furthest stands first. */
  readonly order: readonly string[]
  readonly name: (state: string) => string
}

export function PipelineStation({ title, counts, order, name }: PipelineStationProps) {
  const { number } = useFormat()
  const states = order.filter((state) => (counts[state] ?? 0) > 0)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return (
    <li className={styles['station']}>
      <h3 className={styles['title']}>{title}</h3>
      <p className={styles['total']}>{number(total)}</p>
      <div className={styles['bar']} aria-hidden>
        {states.map((state) => (
          <span key={state} data-tone={TONES[state] ?? 'going'} style={{ flexGrow: counts[state] ?? 0 }} />
        ))}
      </div>
      <ul className={styles['legend']}>
        {states.map((state) => (
          <li key={state}>
            <span className={styles['dot']} data-tone={TONES[state] ?? 'going'} aria-hidden />
            {name(state)} <strong>{number(counts[state] ?? 0)}</strong>
          </li>
        ))}
      </ul>
    </li>
  )
}
