/** Hands a value to the browser as a file to be kept. */
export const saveJson = (fileName: string, value: unknown): void =>
  saveFile(fileName, new Blob([`${JSON.stringify(value, undefined, 2)}\n`], { type: 'application/json' }))

/** The same with a file that is one already. */
export function saveFile(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // Later, as some browsers begin to read only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
