import { useTranslation } from 'react-i18next'
import { path, postSeen } from '#web/api/client.ts'
import type { Achievement, AchievementVersion } from '#web/api/wire.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'

/** What can be done with a version in each of its states, in the order of the buttons. */
const MOVES: Readonly<Record<AchievementVersion['state'], readonly Move[]>> = {
  draft: ['submit', 'publish'],
  in_review: ['approve', 'return'],
  approved: ['publish', 'return'],
  published: ['retire', 'withdraw'],
  retired: ['withdraw'],
  withdrawn: [],
}
type Move = 'submit' | 'approve' | 'return' | 'publish' | 'retire' | 'withdraw'

/** Moves that are not made without saying why. */
const WITH_REASON: ReadonlySet<Move> = new Set(['return', 'withdraw'])

interface AchievementLifeProps {
  readonly achievement: Achievement
  readonly version: AchievementVersion
  readonly name: string
}

/** The buttons with which a version goes on in its life. */
export function AchievementLife({ achievement, version, name }: AchievementLifeProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const make = (move: Move, reason: string): Promise<unknown> => {
    const to = `${path`/v1/achievements/${achievement.id}/versions/${String(version.version)}`}/${move}`
    // Whoever moves a version has seen what it says: newer work of somebody else is refused.
    const seen = { revision: version.revision, query: { organisation } }
    return postSeen(to, WITH_REASON.has(move) ? { ...seen, body: { reason } } : seen)
  }
  return MOVES[version.state].map((move) => (
    <ConfirmButton
      key={move}
      label={t(`console:achievementLife.${move}.label`)}
      on={`${name}, ${version.version}`}
      title={t(`console:achievementLife.${move}.title`)}
      text={t(`console:achievementLife.${move}.text`)}
      done={t(`console:achievementLife.${move}.done`)}
      {...(WITH_REASON.has(move)
        ? {
            reason: {
              label: t('console:achievementLife.reason'),
              hint: t(`console:achievementLife.${move}.reasonHint`),
            },
          }
        : {})}
      run={({ reason }) => make(move, reason)}
    />
  ))
}
