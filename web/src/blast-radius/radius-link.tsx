import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { RadiusCause } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { radiusPage } from './radius-cause.ts'

interface RadiusLinkProps {
  readonly cause: RadiusCause
  /** Of what: rows repeat the same words. */
  readonly on: string
}

/** Leads to what rests on one thing of the console. */
export function RadiusLink({ cause, on }: RadiusLinkProps) {
  const { t } = useTranslation()
  const { slug } = useOrganisation()
  const label = t('blastRadius:resting')
  return (
    <Button
      component={Link}
      to={radiusPage(slug, cause)}
      size="xs"
      variant="default"
      aria-label={`${label} ${on}`}
    >
      {label}
    </Button>
  )
}
