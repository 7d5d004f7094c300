import { Button, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Disclosure } from '#web/components/disclosure.tsx'
import type { Alignment } from './alignment-fields.tsx'

const EMPTY = { targetName: '', targetUrl: '', targetFramework: '', targetCode: '' }

/** Something that stands in no framework here: a name and an address suffice. */
export function OwnAlignment({ onAdd }: { readonly onAdd: (alignment: Alignment) => void }) {
  const { t } = useTranslation()
  const [own, setOwn] = useState(EMPTY)
  const isReady = own.targetName.trim() !== '' && /^https?:\/\/\S+$/.test(own.targetUrl.trim())
  const field = (name: keyof typeof EMPTY, label: string) => (
    <TextInput
      label={label}
      value={own[name]}
      onChange={({ currentTarget }) => setOwn({ ...own, [name]: currentTarget.value })}
    />
  )
  return (
    <Disclosure summary={t('alignments:own')}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {field('targetName', t('alignments:name'))}
          {field('targetUrl', t('alignments:url'))}
          {field('targetFramework', t('alignments:framework'))}
          {field('targetCode', t('alignments:code'))}
        </SimpleGrid>
        <div>
          <Button
            size="xs"
            variant="default"
            disabled={!isReady}
            onClick={() => {
              onAdd(alignmentOf(own))
              setOwn(EMPTY)
            }}
          >
            {t('alignments:addOwn')}
          </Button>
        </div>
      </Stack>
    </Disclosure>
  )
}

const alignmentOf = ({ targetName, targetUrl, targetFramework, targetCode }: typeof EMPTY): Alignment => ({
  targetName: targetName.trim(),
  targetUrl: targetUrl.trim(),
  ...(targetFramework.trim() === '' ? {} : { targetFramework: targetFramework.trim() }),
  ...(targetCode.trim() === '' ? {} : { targetCode: targetCode.trim() }),
})
