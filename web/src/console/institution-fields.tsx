import { Button, Fieldset, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { registerName } from '#engine/credentials/read-institution.ts'
import { ADDRESS_FIELDS, emptyIdentifier, type InstitutionDraft, PARENT_FIELDS } from './institution-draft.ts'

/** Registers that institutions are in; others are left to the API. */
const TYPES: readonly string[] = ['ext:BRIN', 'ext:ROR', 'ext:KVK', 'ext:OIN', 'identifier']

interface InstitutionFieldsProps {
  readonly value: InstitutionDraft
  readonly onChange: (value: InstitutionDraft) => void
  readonly phoneError?: string | undefined
}

/** What an issuer says of itself as an institution: names, registers, where it is, what it is a part of. */
export function InstitutionFields({ value, onChange, phoneError }: InstitutionFieldsProps) {
  const { t } = useTranslation()
  const { identifiers } = value
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('console:issuers.official')}
          description={t('console:issuers.officialHint')}
          maxLength={300}
          value={value.official}
          onChange={({ currentTarget }) => onChange({ ...value, official: currentTarget.value })}
        />
        <TextInput
          label={t('console:issuers.phone')}
          description={t('console:issuers.phoneHint')}
          type="tel"
          error={phoneError}
          value={value.phone}
          onChange={({ currentTarget }) => onChange({ ...value, phone: currentTarget.value })}
        />
      </SimpleGrid>
      <Fieldset legend={t('console:issuers.identifiers')}>
        <Stack>
          {identifiers.map((each, at) => (
            <Group key={each.key} align="flex-end">
              <NativeSelect
                label={t('console:issuers.register', { n: at + 1 })}
                value={each.type}
                data={[...TYPES, ...(TYPES.includes(each.type) ? [] : [each.type])].map((type) => ({
                  value: type,
                  label: type === 'identifier' ? t('console:issuers.otherRegister') : registerName(type),
                }))}
                onChange={({ currentTarget }) =>
                  onChange({
                    ...value,
                    identifiers: identifiers.with(at, { ...each, type: currentTarget.value }),
                  })
                }
              />
              <TextInput
                label={t('console:issuers.identifier', { n: at + 1 })}
                maxLength={300}
                style={{ flex: '1 1 12rem' }}
                value={each.identifier}
                onChange={({ currentTarget }) =>
                  onChange({
                    ...value,
                    identifiers: identifiers.with(at, { ...each, identifier: currentTarget.value }),
                  })
                }
              />
              <Button
                variant="default"
                aria-label={t('console:issuers.removeIdentifier', { n: at + 1 })}
                onClick={() => onChange({ ...value, identifiers: identifiers.toSpliced(at, 1) })}
              >
                {t('console:issuers.remove')}
              </Button>
            </Group>
          ))}
          <div>
            <Button
              variant="default"
              onClick={() => onChange({ ...value, identifiers: [...identifiers, emptyIdentifier()] })}
            >
              {t('console:issuers.addIdentifier')}
            </Button>
          </div>
        </Stack>
      </Fieldset>
      <Fieldset legend={t('console:issuers.address')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {ADDRESS_FIELDS.map((name) => (
            <TextInput
              key={name}
              label={t(`console:issuers.addressFields.${name}`)}
              maxLength={name === 'addressCountryCode' ? 2 : 300}
              value={value.address[name]}
              onChange={({ currentTarget }) =>
                onChange({
                  ...value,
                  address: {
                    ...value.address,
                    [name]:
                      name === 'addressCountryCode' ? currentTarget.value.toUpperCase() : currentTarget.value,
                  },
                })
              }
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('console:issuers.parent')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {PARENT_FIELDS.map((name) => (
            <TextInput
              key={name}
              label={t(`console:issuers.parentFields.${name}`)}
              description={name === 'id' ? t('console:issuers.parentHint') : undefined}
              value={value.parent[name]}
              onChange={({ currentTarget }) =>
                onChange({ ...value, parent: { ...value.parent, [name]: currentTarget.value } })
              }
            />
          ))}
        </SimpleGrid>
      </Fieldset>
    </>
  )
}
