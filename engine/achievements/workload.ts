/** How much work it is, in exactly one unit: two that disagree would leave it to the reader which one counts. */
export interface Workload {
  /** European credits, hours of study (Dutch: studiebelastingsuren), or hours. */
  readonly unit: WorkloadUnit
  readonly amount: number
}

export const WORKLOAD_UNITS = ['ects', 'sbu', 'hours'] as const
export type WorkloadUnit = (typeof WORKLOAD_UNITS)[number]
