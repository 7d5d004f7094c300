import { createAttestedRules } from '#services/attested-awards/attested-rules.ts'
import { createAttestedSubjects } from '#services/attested-awards/attested-subjects.ts'
import { createRelayAttestations } from '#services/attested-awards/relay-attestations.ts'
import { createWatchAttestedAwards } from '#services/attested-awards/watch-attested-awards.ts'
import type { CommonParts } from './common-parts.ts'

/** Badges that several organisations grant together, by a contract. */
export function composeAttestedAwards(common: CommonParts) {
  return {
    routes: {
      attestedRules: createAttestedRules(common),
      attestedSubjects: createAttestedSubjects(common),
      relayAttestations: createRelayAttestations(common),
    },
    steps: { attested: createWatchAttestedAwards(common) },
  }
}
