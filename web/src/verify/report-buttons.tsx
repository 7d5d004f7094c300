import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { saveJson } from '#web/components/save-json.ts'
import { PrintButton } from './print-button.tsx'
import type { WireAnyReport } from './wire-report.ts'

interface ReportButtonsProps {
  readonly report: WireAnyReport
  /** Has the same printed, where somebody can. */
  readonly onPrint?: (() => Promise<void>) | undefined
}

/** The report to take along. */
export function ReportButtons({ report, onPrint }: ReportButtonsProps) {
  const { t } = useTranslation()
  return (
    <Group>
      {onPrint !== undefined && <PrintButton onPrint={onPrint} />}
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => saveJson('verification-report.json', report)}
      >
        {t('verify:download')}
      </Button>
    </Group>
  )
}
