export const REPAIR_ACTIONS = ['revoke', 'reissue', 'leave'] as const
export type RepairAction = (typeof REPAIR_ACTIONS)[number]
