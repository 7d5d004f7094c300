import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

interface DownloadLinkProps {
  readonly href: string
  readonly fileName: string
  readonly children: string
}

/** A file of this server, to be kept. */
export function DownloadLink({ href, fileName, children }: DownloadLinkProps) {
  return (
    <Button
      component="a"
      href={href}
      download={fileName}
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {children}
    </Button>
  )
}
