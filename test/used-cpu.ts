/**
 * What this process has worked until now, in milliseconds. An answer of a product in this process is quick when it costs
 * little of that; the clock goes on while a busy machine does other work.
 */
export function usedCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The same of the thread that asks, alone. */
export function usedThreadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
