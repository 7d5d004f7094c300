import { useTranslation } from 'react-i18next'
import { act, path, postSeen } from '#web/api/client.ts'
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
/** Moves of somebody who has seen what the version says. */
const OF_SEEN: ReadonlySet<Move> = new Set(['submit', 'approve'])

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
    const query = { organisation }
    return OF_SEEN.has(move)
      ? postSeen(to, { revision: version.revision, query })
      : act(to, WITH_REASON.has(move) ? { reason } : undefined, query)
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
