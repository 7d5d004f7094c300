import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** The letters of what is printed: regular and bold. Loaded at the first paper. */
export interface PaperFonts {
  readonly regular: Uint8Array
  readonly bold: Uint8Array
  /** For scripts that those have not; which of them is asked first does not matter, as no two have the same letters. */
  readonly scripts: readonly {
    readonly name: string
    readonly regular: Uint8Array
    readonly bold: Uint8Array
  }[]
}

let fonts: Promise<PaperFonts> | undefined

/**
 * Inter as whole TrueType files (Latin, Greek, Cyrillic, Vietnamese), and Noto Sans for Arabic, Hebrew and Devanagari. Those of the web
 * are cut into scripts and packed in a way (WOFF2) from which the PDF library cannot take single letters. Of Chinese, Japanese and
 * Korean there are none: each would be as large as all of this product.
 */
export function loadPaperFonts(): Promise<PaperFonts> {
  fonts ??= (async () => {
    const { resolve } = createRequire(import.meta.url)
    const pair = async (regular: string, bold: string) => {
      const [first, second] = await Promise.all([readFile(resolve(regular)), readFile(resolve(bold))])
      return { regular: first, bold: second }
    }
    const [inter, arabic, hebrew, devanagari] = await Promise.all([
      pair(
        '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
        '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
      ),
      pair(
        '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
        '@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
      ),
      pair(
        '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
        '@expo-google-fonts/noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf',
      ),
      pair(
        '@expo-google-fonts/noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
        '@expo-google-fonts/noto-sans-devanagari/700Bold/NotoSansDevanagari_700Bold.ttf',
      ),
    ])
    return {
      ...inter,
      scripts: [
        { name: 'arabic', ...arabic },
        { name: 'hebrew', ...hebrew },
        { name: 'devanagari', ...devanagari },
      ],
    }
  })()
  return fonts
}
