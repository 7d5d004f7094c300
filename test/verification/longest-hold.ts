/**
 * For tests and benchmarks: the longest time, in milliseconds, that something holds the event loop in one piece. What counts is the
 * time of the processor that this thread took between two turns of the loop, whatever else goes on in the machine.
 */
export async function longestHoldMs(act: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isDone = false
  // What was under way before is none of it.
  await turn()
  let last = process.threadCpuUsage()
  const look = (): void => {
    const now = process.threadCpuUsage()
    longest = Math.max(longest, now.user + now.system - last.user - last.system)
    last = now
    if (!isDone) setImmediate(look)
  }
  setImmediate(look)
  try {
    await act()
  } finally {
    look()
    isDone = true
  }
  return longest / 1000
}

const turn = (): Promise<void> => new Promise((go) => setImmediate(go))
