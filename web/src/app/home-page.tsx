import { useTranslation } from 'react-i18next'
import { Loading } from '#web/components/loading.tsx'
import { useSession } from '#web/sign-in/use-session.ts'
import { MemberHome } from './member-home.tsx'
import { VisitorHome } from './visitor-home.tsx'

/** A visitor sees what this is and can verify a badge; who signed in sees their badges. */
export function HomePage() {
  const { t } = useTranslation()
  const { data: session, isPending } = useSession()
  if (isPending) return <Loading label={t('components:loading')} />
  return session ? <MemberHome session={session} /> : <VisitorHome />
}
