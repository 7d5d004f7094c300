/** Hands a value to the browser as a file to be kept. */
export function saveJson(fileName: string, value: unknown): void {
  const blob = new Blob([`${JSON.stringify(value, undefined, 2)}\n`], { type: 'application/json' })
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // Later, as some browsers begin to read only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
