import { Button, List, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EndorsementRequest } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { saveJson } from '#web/components/save-json.ts'
import { RejectRequest } from './reject-request.tsx'
import { SignedDocumentForm } from './signed-document-form.tsx'

interface EndorseDetailProps {
  readonly token: string
  readonly request: EndorsementRequest
}

export function EndorseDetail({ token, request }: EndorseDetailProps) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<'thanks' | 'rejected'>()
  const { digest, endorserDid, issuerName, state, target, unsigned, what } = request
  const isOpen = outcome === undefined && (state === 'requested' || state === 'viewed')
  return (
    <Page title={t('endorsements:title')} lead={t('endorsements:lead', { issuer: issuerName, what })}>
      {outcome !== undefined && (
        <Notice tone={outcome === 'thanks' ? 'good' : 'quiet'} role="status">
          {t(`endorsements:${outcome}`, { issuer: issuerName })}
        </Notice>
      )}
      {outcome === undefined && !isOpen && (
        <Notice tone="quiet">{t('endorsements:closed', { state: t(`endorsements:states.${state}`) })}</Notice>
      )}
      <Panel title={t('endorsements:comment')}>
        <Stack>
          <Text size="lg">“{commentOf(unsigned)}”</Text>
          <Facts
            facts={[
              { label: t('endorsements:endorser'), value: endorserDid, code: true },
              { label: t('endorsements:digest'), value: digest, code: true },
            ]}
          />
          <Text size="sm" c="dimmed">
            {t('endorsements:digestText')}
          </Text>
        </Stack>
      </Panel>
      {isOpen && (
        <Panel title={t('endorsements:how.title')}>
          <Stack>
            <Text>{t('endorsements:how.text')}</Text>
            <List type="ordered" spacing={4}>
              <List.Item>{t('endorsements:how.step1')}</List.Item>
              <List.Item>{t('endorsements:how.step2', { did: endorserDid })}</List.Item>
              <List.Item>{t('endorsements:how.step3')}</List.Item>
            </List>
          </Stack>
        </Panel>
      )}
      <Panel title={t('endorsements:target')}>
        <JsonView value={target} label={t('endorsements:target')} />
      </Panel>
      <Panel title={t('endorsements:unsigned')}>
        <Stack>
          <JsonView value={unsigned} label={t('endorsements:unsigned')} />
          <div>
            <Button
              variant="light"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => saveJson(`endorsement-request-${request.id}.json`, request)}
            >
              {t('endorsements:download')}
            </Button>
          </div>
        </Stack>
      </Panel>
      {isOpen && (
        <>
          <SignedDocumentForm token={token} onAccepted={() => setOutcome('thanks')} />
          <RejectRequest token={token} onRejected={() => setOutcome('rejected')} />
        </>
      )}
    </Page>
  )
}

function commentOf(unsigned: EndorsementRequest['unsigned']): string {
  const subject = unsigned['credentialSubject']
  const comment =
    typeof subject === 'object' && subject !== null && 'endorsementComment' in subject
      ? subject.endorsementComment
      : undefined
  return typeof comment === 'string' ? comment : ''
}
