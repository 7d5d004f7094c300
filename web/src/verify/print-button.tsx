import { Button, Text } from '@mantine/core'
import { IconFileTypePdf } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

/** Verifies once more and saves the report as PDF, in the reader's language. */
export function PrintButton({ onPrint }: { readonly onPrint: () => Promise<void> }) {
  const { t } = useTranslation()
  const printing = useMutation({ mutationFn: onPrint })
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileTypePdf size={16} aria-hidden />}
        loading={printing.isPending}
        onClick={() => printing.mutate()}
      >
        {t('report:print')}
      </Button>
      {printing.isError && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {t('report:printFailed')}
        </Text>
      )}
    </>
  )
}
