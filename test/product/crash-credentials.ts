import { expect } from 'vitest'
import { asked, dieAt, taken, waited } from './crash-life.ts'
import { type CrashStage, stopWell } from './crash-stage.ts'
import { earning } from './first-aid.ts'

// What is signed when somebody asks for it, killed at each of its points; and a stolen key while all of it is issued again.

const ID = 'urn:uuid:7d0cf1c2-5f0e-4a55-9a0e-0c2f8a1b3d4e'
const REVOCATION = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }

export async function killAmongCredentials(stage: CrashStage): Promise<void> {
  const { api } = stage
  // 1. A document of other software: asked for through three deaths.
  const issued = dieAt(stage, 'vc-api.before-sign', async () => {
    const body = {
      credential: {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: ID,
        type: ['VerifiableCredential'],
        credentialSubject: { id: 'did:example:subject' },
      },
      options: { credentialStatus: [REVOCATION] },
    }
    const answer = await taken(() => api.post('/vc/credentials/issue', body), [201])
    return answer.body.verifiableCredential
  })
  await issued.death
  await dieAt(stage, 'vc-api.before-store').death
  await dieAt(stage, 'vc-api.stored').death

  // 2. A badge as JWT, through two.
  const jwt = async () => {
    const { body } = await taken(() => api.get('/v1/awards?state=issued'), [200])
    const credentialId = body.items.at(-1).credentialId
    const path = `/v1/credentials/${credentialId}/document?format=jwt`
    const { bytes } = await taken(() => api.get(path), [200])
    return new TextDecoder().decode(bytes)
  }
  const signed = dieAt(stage, 'token.before-store', async () => {
    await issued.act
    return jwt()
  })
  await signed.death
  await dieAt(stage, 'token.stored').death

  // 3. A stolen key, through three.
  const reported = dieAt(stage, 'job.before-commit', async () => {
    const before = await signed.act
    await stage.post(['hal.a', 'hal.b'].flatMap(earning))
    await waited(async () => expect((await api.get('/v1/awards?state=issued')).body.items).toHaveLength(3))
    const { id } = (await taken(() => api.get('/v1/issuers'), [200])).body.items[0]
    const { keys } = (await taken(() => api.get(`/v1/issuers/${id}`), [200])).body
    const stolen = keys.find(({ purpose }: { purpose: string }) => purpose === 'issuing')
    const report = { since: '2026-01-01T00:00:00Z', reason: 'Sample: a laptop was stolen.' }
    await taken(() => api.post(`/v1/issuers/${id}/keys/${stolen.id}/compromise`, report), [200])
    return { before, stolen: stolen.id as string }
  })
  await reported.death
  await dieAt(stage, 'job.after-commit').death
  await dieAt(stage, 'edition.before-store').death

  const product = stage.start()
  const { before, stolen } = await reported.act
  await waited(async () => {
    const { items } = (await api.get('/v1/jobs?kind=key_reissue')).body
    expect(items).toHaveLength(1)
    // One document was stored and never answered, as the product died in between; the other went out.
    expect((await api.get(`/v1/jobs/${items[0].id}`)).body).toMatchObject({
      state: 'done',
      result: { reissue: 3, anchored: 0, left: 0, signedOverVcApi: 2 },
    })
  })
  // Each badge once more, under the fresh key, and nothing is left over.
  await waited(async () =>
    expect(
      await asked(
        stage,
        `SELECT edition.edition, edition.state, edition.key_id = $1 AS stolen, count(*)::int AS n
         FROM credential_edition edition GROUP BY 1, 2, 3 ORDER BY 1`,
        [stolen],
      ),
    ).toEqual([
      { edition: 1, state: 'signed', stolen: true, n: 3 },
      { edition: 2, state: 'signed', stolen: false, n: 3 },
    ]),
  )
  // The token that went out was the one that is kept, and the badge has another one now.
  const [kept] = await asked(
    stage,
    "SELECT convert_from(jwt, 'UTF8') AS jwt, count(*) OVER ()::int AS n FROM edition_jwt",
  )
  expect(kept).toEqual({ jwt: before, n: 1 })
  expect(await jwt()).not.toBe(before)
  // Two lives took an entry and signed nothing that anybody has.
  const rows = `SELECT signed IS NOT NULL AS signed, count(*)::int AS n, count(DISTINCT status_index)::int AS places
    FROM vc_api_credential JOIN vc_api_status ON vc_api_status.credential_id = vc_api_credential.id GROUP BY 1 ORDER BY 1`
  expect(await asked(stage, rows)).toEqual([
    { signed: false, n: 2, places: 2 },
    { signed: true, n: 2, places: 2 },
  ])
  const change = { credentialId: ID, credentialStatus: REVOCATION, status: true }
  expect((await api.post('/vc/credentials/status', change)).status).toBe(200)
  expect(await asked(stage, 'SELECT count(set_at)::int AS n FROM vc_api_status')).toEqual([{ n: 2 }])
  await stopWell(product)
  expect(product.complained()).toBe('')
}
