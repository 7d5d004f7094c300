import { readFileSync, writeFileSync } from 'node:fs'

/** Writes a generated file; with `--check` says instead whether it is up to date, by exit code 1 when it is not. */
export function generatedFile(path: string, text: string, command: string): void {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
    return
  }
  if (currentText(path) === text) return
  console.error(`${path} is out of date: run ${command}.`)
  process.exitCode = 1
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
