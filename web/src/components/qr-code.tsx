import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './qr-code.module.css'

interface Matrix {
  readonly size: number
  readonly path: string
}

/** The code of an address, drawn as one path. Always dark on white, as cameras want it. */
export function QrCode({ url, size = 148 }: { readonly url: string; readonly size?: number }) {
  const { t } = useTranslation()
  const [matrix, setMatrix] = useState<Matrix>()
  useEffect(() => {
    let isCurrent = true
    void drawMatrix(url).then((drawn) => {
      if (isCurrent) setMatrix(drawn)
    })
    return () => {
      isCurrent = false
    }
  }, [url])
  if (matrix === undefined) return null
  return (
    <svg
      className={styles['code']}
      width={size}
      height={size}
      viewBox={`-4 -4 ${matrix.size + 8} ${matrix.size + 8}`}
      role="img"
      aria-label={t('components:qr', { url })}
      shapeRendering="crispEdges"
    >
      <path d={matrix.path} />
    </svg>
  )
}

async function drawMatrix(url: string): Promise<Matrix> {
  const { create } = await import('qrcode')
  const { modules } = create(url, { errorCorrectionLevel: 'M' })
  let path = ''
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (modules.get(y, x) !== 0) path += `M${x} ${y}h1v1h-1z`
    }
  }
  return { size: modules.size, path }
}
