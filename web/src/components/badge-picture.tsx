import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './badge-picture.module.css'

interface BadgePictureProps {
  /** Only pictures of this server or of the reader's own file are shown; of others there is a drawn one. */
  readonly url: string | undefined
  readonly name: string
  readonly size?: number
}

export function BadgePicture({ url, name, size = 160 }: BadgePictureProps) {
  const { t } = useTranslation()
  const [broken, setBroken] = useState<string>()
  const shown = url !== undefined && url !== broken && isOurs(url) ? url : undefined
  if (shown === undefined) {
    return (
      <svg
        className={styles['drawn']}
        width={size}
        height={size}
        viewBox="0 0 32 32"
        role="img"
        aria-label={t('components:noImage')}
      >
        <path d="M10.2 2h11.6L30 10.2v11.6L21.8 30H10.2L2 21.8V10.2z" />
      </svg>
    )
  }
  return (
    <img
      className={styles['picture']}
      src={shown}
      alt={name}
      width={size}
      height={size}
      onError={() => setBroken(shown)}
    />
  )
}

/** A picture from elsewhere would tell its server who looks at which badge, and is not allowed by the page anyway. */
function isOurs(url: string): boolean {
  if (url.startsWith('blob:') || url.startsWith('data:image/')) return true
  return URL.canParse(url, location.origin) && new URL(url, location.origin).origin === location.origin
}
