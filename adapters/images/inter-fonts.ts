import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** Every script that Inter has. Loaded at the first picture with words. */
let fonts: Promise<readonly Uint8Array[]> | undefined
const SCRIPTS = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese']

export function loadInterFonts(): Promise<readonly Uint8Array[]> {
  const { resolve } = createRequire(import.meta.url)
  fonts ??= Promise.all(
    SCRIPTS.map((script) =>
      readFile(resolve(`@fontsource-variable/inter/files/inter-${script}-wght-normal.woff2`)),
    ),
  )
  return fonts
}
