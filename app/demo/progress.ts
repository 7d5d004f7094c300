const WIDTH = 28

/** A line that is drawn again in a terminal, and printed when it changes elsewhere. */
export function createProgress(out: NodeJS.WriteStream) {
  let last = ''
  return {
    show: (line: string): void => {
      if (line === last) return
      last = line
      out.write(out.isTTY ? `\r\u001B[2K${line}` : `${line}\n`)
    },
    end: (): void => {
      if (out.isTTY && last !== '') out.write('\n')
    },
  }
}

export function bar(done: number, of: number): string {
  const filled = of === 0 ? WIDTH : Math.round((done / of) * WIDTH)
  return `[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${done}/${of}`
}
