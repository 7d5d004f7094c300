import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { OpenedDocument } from '#services/ports/credential-suite.ts'
import type { DocumentLoader } from './document-loader.ts'
import { knownFormatFaults, knownJson } from './known-forms.ts'
import type { KnownSchemaFaults } from './known-schema-faults.ts'
import { without } from './proof-suites.ts'
import type { Recognised } from './quad-templates.ts'
import { secureDocument } from './secured-document.ts'
import { portableTextHash } from './text-hash.ts'
import { verifyProofs } from './verify-proofs.ts'

/** Recognises a document once, and answers with what is known of its shape where anything is. */
export const createOpenDocument =
  (
    documentLoader: DocumentLoader,
    {
      recognise,
      schemaFaults,
      formatFaults,
    }: {
      readonly recognise: (document: JsonObject) => Recognised | undefined
      readonly schemaFaults: KnownSchemaFaults
      readonly formatFaults: (document: JsonObject) => readonly CredentialFault[]
    },
  ) =>
  (document: JsonObject): OpenedDocument => {
    const { proof } = document
    const bare = proof === undefined ? document : without(document, 'proof')
    const recognised = recognise(bare)
    const secured = secureDocument(bare, documentLoader, recognised)
    const { textHash = portableTextHash } = documentLoader.means
    return {
      digest: () => {
        const template = recognised === undefined ? undefined : knownJson(recognised)
        return textHash.bytes(template?.fill(recognised?.texts ?? [], proof) ?? canonicalJson(document))
      },
      formatFaults: () => knownFormatFaults(document, recognised, formatFaults),
      schemaFaults: () => schemaFaults(withProofSet(document), recognised),
      verifyProofs: (resolve, now, expected) =>
        verifyProofs({ document, secured }, resolve, now, documentLoader, expected),
    }
  }

/** One proof stands for a set of one: the schema knows sets only, and others write it as an object. */
function withProofSet(document: JsonObject): JsonObject {
  const { proof } = document
  return isJsonObject(proof) ? { ...document, proof: [proof] } : document
}
