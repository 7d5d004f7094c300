import { expect } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { claimAndSignIn } from './crash-earner.ts'
import { asked, dieAt, taken } from './crash-life.ts'
import { type CrashStage, stopWell } from './crash-stage.ts'
import { basicsRule } from './first-aid.ts'
import { isReady } from './product-process.ts'

/** An earner shows a part of a badge for the first time, killed before and after its base proof is kept. */
export async function killAmongDisclosures(stage: CrashStage): Promise<void> {
  const { api } = stage
  const first = stage.start()
  await isReady(first)
  await letPartsBeShown(api)
  const { earner, credentialId } = await claimAndSignIn(stage, 'pam')
  await stopWell(first)

  const part = () => taken(() => earner.get(`/v1/credentials/${credentialId}/disclosure`), [200])
  const shown = dieAt(stage, 'base.before-store', part)
  await shown.death
  await dieAt(stage, 'base.stored').death

  const product = stage.start()
  const { body: disclosure } = await shown.act
  expect((await part()).body).toEqual(disclosure)
  const report = await new ApiCaller(stage.url).post('/v1/verify', { credential: disclosure })
  expect(report.body.verdict).toBe('valid')
  // What the first life signed nobody has; there is one base proof, under one key, with one line each in the trail.
  expect(await asked(stage, 'SELECT number FROM edition_base')).toEqual([{ number: 1 }])
  const made = "SELECT count(*)::int AS n FROM issuer_key WHERE purpose = 'disclosing'"
  expect(await asked(stage, made)).toEqual([{ n: 1 }])
  const trail = `SELECT action, count(*)::int AS n FROM audit
    WHERE action IN ('credential.base_signed', 'issuer.disclosing_key_made') GROUP BY 1 ORDER BY 1`
  expect(await asked(stage, trail)).toEqual([
    { action: 'credential.base_signed', n: 1 },
    { action: 'issuer.disclosing_key_made', n: 1 },
  ])
  await stopWell(product)
  expect(product.complained()).toBe('')
}

/** In a version of its own: the one of before does not let earners. */
async function letPartsBeShown(api: ApiCaller): Promise<void> {
  const { items } = (await api.get('/v1/achievements')).body
  const versions = `/v1/achievements/${items[0].id}/versions`
  const [before] = (await api.get(versions.replace('/versions', ''))).body.versions
  const definition = { ...before.definition, selectiveDisclosure: true }
  const drafted = await api.post(versions, { definition })
  expect([drafted.status, drafted.body.code]).toEqual([201, undefined])
  const published = await api.post(`${versions}/2/publish`)
  expect(published.body).toMatchObject({ state: 'published' })
  // A rule awards the version that was there when it was activated.
  const rule = `/v1/rules/${(await api.get('/v1/rules')).body.items[0].id}/versions`
  await api.post(rule, { document: basicsRule() })
  expect((await api.post(`${rule}/2/activate`)).status).toBe(200)
}
