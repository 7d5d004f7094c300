import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** The letters of what is printed: regular and bold. Loaded at the first paper. */
export interface PaperFonts {
  readonly regular: Uint8Array
  readonly bold: Uint8Array
}

let fonts: Promise<PaperFonts> | undefined

/**
 * Inter as whole TrueType files (Latin, Greek, Cyrillic, Vietnamese). Those of the web are cut into scripts and packed in a way
 * (WOFF2) from which the PDF library cannot take single letters.
 */
export function loadPaperFonts(): Promise<PaperFonts> {
  fonts ??= (async () => {
    const { resolve } = createRequire(import.meta.url)
    const read = (name: string) => readFile(resolve(`@expo-google-fonts/inter/${name}.ttf`))
    const [regular, bold] = await Promise.all([
      read('400Regular/Inter_400Regular'),
      read('700Bold/Inter_700Bold'),
    ])
    return { regular, bold }
  })()
  return fonts
}
