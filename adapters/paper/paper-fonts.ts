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
    const read = async (place: string) => {
      const [regular, bold] = await Promise.all(
        ['400Regular', '700Bold'].map((weight) =>
          readFile(resolve(`@expo-google-fonts/${place.replace('*', weight)}_${weight}.ttf`)),
        ),
      )
      return { regular: regular ?? new Uint8Array(), bold: bold ?? new Uint8Array() }
    }
    const [inter, arabic, hebrew, devanagari] = await Promise.all([
      read('inter/*/Inter'),
      read('noto-sans-arabic/*/NotoSansArabic'),
      read('noto-sans-hebrew/*/NotoSansHebrew'),
      read('noto-sans-devanagari/*/NotoSansDevanagari'),
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
