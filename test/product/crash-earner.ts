import { expect } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { taken, waited } from './crash-life.ts'
import type { CrashStage } from './crash-stage.ts'
import { earning } from './first-aid.ts'

/** Earns the badge, claims it by its mail, and signs in by another. */
export async function claimAndSignIn(stage: CrashStage, learner: string) {
  const address = `${learner}@example.org`
  const anybody = new ApiCaller(stage.url)
  const mailed = (link: RegExp) =>
    waited(async () => {
      const texts = stage.inbox.mails.filter(({ to }) => to.includes(address)).map(({ text }) => text ?? '')
      const token = texts.map((text) => link.exec(text)?.[1]).find((each) => each !== undefined)
      expect(token).toBeDefined()
      return token
    })
  await stage.post(earning(learner))
  const claim = await mailed(/\/claim#([\w-]+)/)
  const { credentialId } = (await taken(() => anybody.post(`/v1/claims/${claim}/accept`), [200])).body
  await taken(() => anybody.post('/v1/sign-in-links', { email: address, language: 'en' }), [202])
  const token = await mailed(/\/sign-in#([\w-]+)/)
  const { headers } = await taken(() => anybody.post('/v1/session', { token }), [201])
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return {
    earner: new ApiCaller(stage.url, { cookie, origin: stage.origin }),
    credentialId: credentialId as string,
  }
}
