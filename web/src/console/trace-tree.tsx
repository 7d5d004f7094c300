import { Progress } from '@mantine/core'
import { IconCircle, IconCircleCheck, IconClock, IconPoint } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '#web/i18n/use-format.ts'
import { readTrace, type TraceView } from './read-trace.ts'
import styles from './trace-tree.module.css'

const ICONS = { met: IconCircleCheck, not_met: IconCircle, settling: IconClock }

/** Parts that are gone on with, step by step. */
const GOES_ON: ReadonlySet<string> = new Set(['streak', 'sequence'])

/** Why, why not and how far: each part of a rule with what was found for it. */
export function TraceTree({ trace }: { readonly trace: unknown }) {
  return (
    <ul className={styles['tree']}>
      <TraceNode trace={readTrace(trace)} />
    </ul>
  )
}

interface TraceNodeProps {
  readonly trace: TraceView
  /** Below a "none of this": what is found there speaks against. */
  readonly isNegated?: boolean
}

function TraceNode({ trace, isNegated = false }: TraceNodeProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { children, evidence, expiresAt, have, id, kind, missing, nearMiss, need, settlesAt, status } = trace
  const { against, isTooLate, missingEvents, until } = trace
  const Icon = isNegated ? IconPoint : ICONS[status]
  const name = t(`console:trace.kinds.${kind}`, { defaultValue: kind, need })
  return (
    <li data-status={isNegated ? undefined : status}>
      <div className={styles['head']}>
        <Icon size={18} aria-hidden className={styles['icon'] ?? ''} />
        <span>
          <strong>{id === undefined ? name : `${id}: ${name}`}</strong>,{' '}
          {t(`console:trace.${isNegated ? 'found' : 'statuses'}.${status}`)} (
          {t('console:trace.progress', { have, need })})
        </span>
      </div>
      <div className={styles['detail']}>
        {need > 1 && (
          <Progress value={(100 * Math.min(have, need)) / need} size="sm" maw="16rem" aria-hidden />
        )}
        {missing.length > 0 && <p>{t('console:trace.missing', { values: missing.join(', ') })}</p>}
        {evidence > 0 && <p>{t('console:trace.evidence', { count: evidence })}</p>}
        {isTooLate && <p>{t('console:trace.tooLate')}</p>}
        {missingEvents !== undefined && <p>{t('console:trace.missingEvents', { count: missingEvents })}</p>}
        {against !== undefined && (
          <p>
            {t(`console:trace.${against.forGood ? 'againstForGood' : 'against'}`, {
              time: moment(against.since),
            })}
          </p>
        )}
        {against?.forGood === false && against.until !== undefined && (
          <p>{t('console:trace.againstUntil', { time: moment(against.until) })}</p>
        )}
        {until !== undefined && <p>{t('console:trace.until', { time: moment(until) })}</p>}
        {nearMiss !== undefined && <p>{t('console:trace.nearMiss', { conjunct: nearMiss })}</p>}
        {settlesAt !== undefined && <p>{t('console:trace.settlesAt', { time: moment(settlesAt) })}</p>}
        {expiresAt !== undefined && (
          <p>
            {t(`console:trace.${GOES_ON.has(kind) ? 'goesOnUntil' : 'expiresAt'}`, {
              time: moment(expiresAt),
            })}
          </p>
        )}
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child, at) => (
            <TraceNode key={at} trace={child} isNegated={kind === 'not'} />
          ))}
        </ul>
      )}
    </li>
  )
}
