import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { MergeOffer } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'

interface MergeQuestionProps {
  readonly merge: MergeOffer
  readonly onDone: () => void
}

/** Somebody has proven an identity of another account: do they want the two to be one? */
export function MergeQuestion({ merge, onDone }: MergeQuestionProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => act(path`/v1/account/merges/${merge.id}/confirm`),
    onSuccess: async () => {
      await queryClient.invalidateQueries()
      sayDone(t('accounts:merge.done'))
      onDone()
    },
  })
  const { badges, organisations } = merge.other
  return (
    <Panel title={t('accounts:merge.title')}>
      <Stack>
        <Text>{t('accounts:merge.text', { identity: merge.identity.value, badges, organisations })}</Text>
        <Text>{t('accounts:merge.effect')}</Text>
        <Group>
          <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {t('accounts:merge.confirm')}
          </Button>
          <Button variant="default" disabled={confirm.isPending} onClick={onDone}>
            {t('accounts:merge.keep')}
          </Button>
        </Group>
        {confirm.isError && <ProblemAlert error={confirm.error} />}
      </Stack>
    </Panel>
  )
}
