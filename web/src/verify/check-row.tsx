import { Anchor } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { shortName } from '#engine/verification/short-name.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import styles from './check-list.module.css'
import { isWirePresentation, type WireAnyReport, type WireCheck, type WireSource } from './wire-report.ts'

const ICONS = {
  passed: IconCircleCheck,
  failed: IconCircleX,
  unknown: IconAlertTriangle,
  not_applicable: IconCircleMinus,
}

/** Codes whose English detail says more than our sentence: where in the document, and what. */
const TELLING = new Set([
  'schema-breached',
  'not-a-credential',
  'not-a-presentation',
  'data-model-breached',
  'proof-malformed',
  'json-ld-refused',
  'jwt-claims-differ',
  'status-malformed',
  'status-untrusted',
  'receipt-malformed',
  'receipt-mismatch',
])

interface CheckRowProps {
  readonly check: WireCheck
  /** The report that the sentence speaks of: its domain, its dates. */
  readonly about: WireAnyReport
  readonly domain?: string | undefined
  /** Its place among the steps, from 1. */
  readonly step?: number | undefined
}

/** One check: what it is, how it came out, and a sentence by its code. */
export function CheckRow({ check, about, domain, step }: CheckRowProps) {
  const { t, i18n } = useTranslation()
  const { day, moment } = useFormat()
  const isOfPresentation = isWirePresentation(about)
  const { credential, anchor } = isOfPresentation ? {} : about
  const Icon = ICONS[check.outcome]
  // Of a presentation whose key it is: the holder's, and not an issuer's.
  const own = `verify:presentation.codes.${check.code}`
  const text = isOfPresentation && i18n.exists(own) ? own : `checks:${check.code}`
  const isKnown = i18n.exists(text)
  const sentence = t(text, {
    domain: domain ?? shortName(credential?.issuer ?? {}),
    time: moment(check.at ?? about.checkedAt),
    holder: isOfPresentation ? (about.holder ?? '') : '',
    validFrom: credential?.validFrom === undefined ? '' : day(credential.validFrom),
    validUntil: credential?.validUntil === undefined ? '' : day(credential.validUntil),
    anchoredAt: anchor?.anchoredAt === undefined ? '' : moment(anchor.anchoredAt),
  })
  const sourceOf = ({ kind, name, at, block }: WireSource) => {
    const what = [
      t(`report:sources.${kind}`, { name }),
      ...(block === undefined ? [] : [t('report:block', { block })]),
    ].join(', ')
    return at === undefined ? what : t('report:sourceAt', { source: what, time: moment(at) })
  }
  return (
    <li className={styles['row']} data-outcome={check.outcome}>
      <Icon size={22} aria-hidden className={styles['icon'] ?? ''} />
      <div className={styles['words']}>
        <div className={styles['head']}>
          <strong>
            {step === undefined ? '' : `${step}. `}
            {t(`verify:${isOfPresentation ? 'presentation.names' : 'names'}.${check.name}`)}
          </strong>
          <span className={styles['outcome']}>
            {check.code === 'issuer-unknown' ? t('verify:notKnown') : t(`verify:outcomes.${check.outcome}`)}
          </span>
        </div>
        <p {...(isKnown ? {} : { lang: 'en' })}>{isKnown ? sentence : check.detail}</p>
        {isKnown && TELLING.has(check.code) && (
          <p className={styles['detail']} lang="en">
            {check.detail}
          </p>
        )}
        {(check.sources ?? []).map((source, at) => (
          <p key={at} className={styles['source']}>
            {t('report:source', { source: sourceOf(source) })}
          </p>
        ))}
        {check.reason !== undefined && check.reason !== '' && (
          <p className={styles['detail']}>{t('report:reason', { reason: check.reason })}</p>
        )}
        {check.see !== undefined && /^https?:/.test(check.see) && (
          <p>
            <Anchor href={check.see} rel="noreferrer noopener">
              {t('verify:see')}: {check.see}
            </Anchor>
          </p>
        )}
        {check.informs === true && check.outcome !== 'passed' && check.outcome !== 'not_applicable' && (
          <p className={styles['detail']}>{t('verify:informs')}</p>
        )}
      </div>
    </li>
  )
}
