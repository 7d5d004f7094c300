import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { identifiersInLine, readInstitutionWords } from '#engine/credentials/read-institution.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { act, path } from '#web/api/client.ts'
import type { Issuer } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { ActionButton } from './action-button.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { IssuerForm } from './issuer-form.tsx'
import { IssuerKeyList } from './issuer-key-list.tsx'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'

export function IssuerRecord({ issuer }: { readonly issuer: Issuer }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [isChanging, changing] = useDisclosure(false)
  const institution = readInstitutionWords(profileOf(issuer)) ?? {}
  return (
    <Record
      title={issuer.name}
      state={{
        tone: issuer.state === 'verified' ? 'good' : 'quiet',
        label: t(`console:issuers.states.${issuer.state}`),
      }}
      facts={[
        { label: t('console:issuers.did'), value: issuer.did, code: true },
        { label: t('console:issuers.url'), value: issuer.url },
        { label: t('console:issuers.email'), value: issuer.email },
        { label: t('console:issuers.description'), value: issuer.description },
        { label: t('console:issuers.official'), value: institution.official },
        { label: t('console:issuers.identifiers'), value: identifiersInLine(institution) },
        { label: t('console:issuers.phone'), value: issuer.phone },
        { label: t('console:issuers.address'), value: institution.address },
        { label: t('verify:postOfficeBox'), value: institution.postOfficeBox },
        { label: t('console:issuers.parent'), value: institution.parent },
      ]}
      actions={
        <>
          <LinkButton to={`/issuers/${issuer.slug}`} size="xs" variant="default">
            {t('console:issuers.page')}
          </LinkButton>
          <Button
            size="xs"
            variant="default"
            aria-label={`${t('console:issuers.change')}: ${issuer.name}`}
            onClick={changing.open}
          >
            {t('console:issuers.change')}
          </Button>
          <ActionButton
            label={t('console:issuers.askKey')}
            on={issuer.name}
            done={t('console:issuers.keyAsked')}
            run={() => act(path`/v1/issuers/${issuer.id}/key-change`, undefined, { organisation })}
          />
          <ConfirmButton
            label={t('console:issuers.rotate')}
            on={issuer.name}
            title={t('console:issuers.rotateTitle')}
            text={t('console:issuers.rotateText')}
            done={t('console:issuers.rotated')}
            run={() => act(path`/v1/issuers/${issuer.id}/rotate-key`, undefined, { organisation })}
          />
        </>
      }
    >
      <IssuerKeyList issuerId={issuer.id} />
      {isChanging && <IssuerForm issuer={issuer} onClose={changing.close} />}
    </Record>
  )
}

/** As its profile has it. */
const profileOf = ({ official, address, otherIdentifiers, parentOrg }: Issuer): JsonObject =>
  ({
    official,
    address,
    otherIdentifier: otherIdentifiers.map(({ identifier, type }) => ({ identifier, identifierType: type })),
    parentOrg,
  }) as JsonObject
