import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express, { type Request, type Response } from 'express'
import { securityHeaders } from '#api/http/security-headers.ts'
import { webFiles } from '#api/http/web-files.ts'
import {
  ACHIEVEMENT_ID,
  CREDENTIAL_ID,
  catalogue,
  claimView,
  credentialView,
  didDocument,
  endorsementRequest,
  expertReviewRequest,
  ISSUER_SLUG,
  PRIVATE_CREDENTIAL_ID,
  profileDocument,
  publicAchievement,
  REVOKED_CREDENTIAL_ID,
} from './sample-badge.ts'
import { blastRadius, consolePageAnswers, newerQuestions, olderQuestions } from './sample-console.ts'
import { consoleAnswers, DRY_RUN_ID, session } from './sample-organisation.ts'
import { invalidReport, undecidedReport, validReport } from './sample-reports.ts'

export const CLAIM_TOKEN = 'sample-claim-token-0001'
export const SIGN_IN_TOKEN = 'sample-sign-in-token-0001'
export const REDEEM_CODE = '7K3M-Q0XD-0000-SAMP-0001'
export const EXPERT_TOKEN = 'sample-expert-token-00000001'
export const INVITATION_TOKEN = 'sample-invitation-token-0001'
export const ENDORSE_TOKEN = 'sample-endorse-token-0001'

export interface Call {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface MockApi {
  readonly origin: string
  /** What was called, in order, reads left out. */
  readonly calls: readonly Call[]
  /** Signs somebody in, as the cookie would; with `member` somebody of an organisation. */
  signIn(who: 'earner' | 'member' | 'nobody'): void
  reset(): void
  close(): Promise<void>
}

/** Answers as the API would, with sample data, behind the real security headers and the real file server. */
export async function startMockApi(webDirectory: string, port = 0): Promise<MockApi> {
  const state = { who: 'nobody', claim: 'open', visibility: 'public', redeemed: false, invitation: 'open' }
  const calls: Call[] = []
  const app = express()
  app.use(securityHeaders('http://localhost'))
  app.use(express.text({ type: () => true, limit: '2mb' }))
  app.use((request, _response, next) => {
    const { method, path, query, headers, body } = request
    if (method !== 'GET')
      calls.push({ method, path, query, headers, body: typeof body === 'string' ? body : '' })
    next()
  })
  const web = webFiles(webDirectory)
  app.use(web.files)

  const problem = (response: Response, status: number, code: string, detail: string) =>
    response
      .status(status)
      .type('application/problem+json')
      .json({
        type: `http://localhost/problems/${code}`,
        title: code,
        status,
        detail,
        code,
        retry: false,
        instance: 'urn:uuid:0197a2c0-0000-4000-8000-000000000000',
        parameters: {},
      })
  const missing = (response: Response) => problem(response, 404, 'not-found', 'There is no such thing.')

  app.get('/v1/account/notification-preferences', (_request, response) => {
    response.json({ kinds: [], digest: { timeZone: 'Europe/Amsterdam', hour: 8, weekday: 1 } })
  })
  app.get('/v1/notifications', (_request, response) => {
    response.json({ items: [], next: null, unread: 0 })
  })
  app.get('/v1/session', (_request, response) => {
    if (state.who === 'nobody') problem(response, 401, 'unauthenticated', 'Send a valid API key or sign in.')
    else response.json(session(state.who === 'member'))
  })
  app.post('/v1/session', (request, response) => {
    if (jsonBody(request)['token'] !== SIGN_IN_TOKEN)
      return problem(response, 401, 'sign-in-link-invalid', 'This link was used or is too old.')
    state.who = 'member'
    return response.status(201).json(session(true))
  })
  app.post('/v1/session/end', (_request, response) => {
    state.who = 'nobody'
    response.json({ providerUrl: null })
  })
  app.get('/v1/sign-in-providers', (_request, response) =>
    response.json({ items: [{ id: 'eduid', name: 'eduID' }] }),
  )
  app.post('/v1/sign-in-links', (_request, response) => response.status(202).json({}))
  app.get('/v1/account/offers', (_request, response) =>
    response.json({
      items: [
        {
          id: CREDENTIAL_ID,
          kind: 'award',
          achievementId: CREDENTIAL_ID,
          achievementName: 'Careful with Data',
          achievementDescription: 'Handles data with care.',
          issuerName: 'Sample College',
          issuerDomain: 'badges.example.org',
          image: null,
          test: false,
          identifier: 'email:sam@example.org',
          awardedAt: credentialView.awardedAt,
          expiresAt: '2027-02-16T09:00:00Z',
        },
      ],
    }),
  )
  app.get('/v1/backpack', (_request, response) =>
    response.json({
      items: [
        {
          credentialId: CREDENTIAL_ID,
          page: credentialView.page,
          achievementName: 'Data Detective',
          language: 'en',
          documentLanguage: 'en',
          issuerName: 'Sample College',
          image: null,
          awardedAt: credentialView.awardedAt,
          state: 'issued',
          visibility: state.visibility,
          views: 2,
          test: false,
        },
        {
          credentialId: REVOKED_CREDENTIAL_ID,
          page: credentialView.page,
          achievementName: 'First Steps in Statistics',
          language: 'en',
          documentLanguage: 'en',
          issuerName: 'Sample College',
          image: null,
          awardedAt: '2026-10-02T08:00:00Z',
          state: 'revoked',
          visibility: 'private',
          views: 0,
          test: true,
        },
      ],
    }),
  )

  app.get('/v1/credentials/:id', ({ params, query }, response) => {
    const mine = state.who !== 'nobody'
    if (params.id === CREDENTIAL_ID)
      return response.json({ ...credentialView, visibility: state.visibility, mine })
    if (params.id === REVOKED_CREDENTIAL_ID)
      return response.json({
        ...credentialView,
        id: REVOKED_CREDENTIAL_ID,
        state: 'revoked',
        revocationReason: 'Awarded to the wrong person.',
        test: true,
        anchor: { state: 'waiting', independent: false, anchoredAt: null },
      })
    if (params.id === PRIVATE_CREDENTIAL_ID && query['share'] === 'sample-share')
      return response.json({ ...credentialView, id: PRIVATE_CREDENTIAL_ID, visibility: 'private' })
    return missing(response)
  })
  app.get('/v1/applications', (_request, response) => response.json({ items: [] }))
  app.get('/v1/connections', (_request, response) => response.json({ items: [] }))
  app.get('/v1/backpack/imported', (_request, response) => response.json({ items: [] }))
  app.get('/v1/credentials/:id/elsewhere', ({ params }, response) =>
    response.json({
      url: `http://localhost:3000/credentials/${params.id}`,
      linkedIn: 'https://www.linkedin.com/profile/add?name=Data+Detective',
      mailto: 'mailto:?subject=My%20badge',
      embed: '<iframe></iframe>',
      oembed: 'http://localhost:3000/oembed',
    }),
  )
  app.get('/v1/collections', (_request, response) => response.json({ items: [] }))

  app.get('/v1/credentials/:id/receipt', (_request, response) =>
    response.json({ format: 'waarmerk-receipt/1' }),
  )
  app.put('/v1/credentials/:id/visibility', (request, response) => {
    state.visibility = String(jsonBody(request)['visibility'])
    response.json({ visibility: state.visibility })
  })
  app.get('/v1/credentials/:id/disclosure-parts', (_request, response) =>
    response.json({
      allowed: true,
      parts: [
        { id: 'awarded-date', kind: 'awarded-date', name: null, says: null },
        { id: 'narrative', kind: 'narrative', name: null, says: null },
        { id: 'role', kind: 'role', name: null, says: 'Group leader' },
        { id: 'result-0', kind: 'result', name: 'Exam', says: '87' },
        { id: 'evidence-0', kind: 'evidence', name: 'Report', says: 'What was done.' },
        { id: 'evidence-1', kind: 'evidence', name: null, says: 'https://example.org/work' },
      ],
    }),
  )
  app.get('/v1/credentials/:id/disclosure', (_request, response) => response.json(credentialView.document))
  app.get('/v1/credentials/:id/share-links', (_request, response) =>
    response.json({
      items: [
        {
          id: '0197a2c0-0000-4000-8000-0000000000b1',
          label: 'Application',
          omits: [],
          views: 2,
          createdAt: '2026-11-22T12:00:00Z',
          expiresAt: null,
          revokedAt: null,
        },
      ],
    }),
  )
  app.post('/v1/credentials/:id/share-links', ({ params }, response) =>
    response.status(201).json({
      id: '0197a2c0-0000-4000-8000-0000000000b2',
      label: '',
      omits: [],
      views: 0,
      createdAt: '2026-11-25T12:00:00Z',
      expiresAt: null,
      revokedAt: null,
      url: `http://localhost:3000/credentials/${params.id}?share=sample-share`,
      verifyUrl: `http://localhost:3000/verify?url=sample`,
    }),
  )
  app.get('/v1/credentials/:id/views', (_request, response) =>
    response.json({ total: 2, days: [{ day: '2026-11-23', channel: 'link', views: 2 }] }),
  )
  app.delete('/v1/credentials/:id/share-links/:link', (_request, response) => response.status(204).end())

  app.get('/v1/claims/:token', ({ params }, response) =>
    params.token === CLAIM_TOKEN
      ? response.json({
          ...claimView,
          state: state.claim,
          credentialId: state.claim === 'claimed' ? CREDENTIAL_ID : null,
        })
      : missing(response),
  )
  app.post('/v1/claims/:token/accept', (_request, response) => {
    state.claim = 'claimed'
    state.who = 'earner'
    response.json({ credentialId: CREDENTIAL_ID, page: credentialView.page })
  })
  app.post('/v1/claims/:token/reject', (_request, response) => {
    state.claim = 'rejected'
    response.status(204).end()
  })

  app.get('/v1/invitation-links/:token', ({ params }, response) =>
    params.token === INVITATION_TOKEN
      ? response.json({
          state: state.invitation,
          email: 'noor@example.org',
          organisation: { name: 'Sample College', slug: 'sample', sample: true },
          unitName: 'Faculty of Science',
          role: { name: 'Viewer', builtIn: 'viewer' },
          rights: ['read'],
          invitedBy: 'dean@example.org',
          expiresAt: '2026-12-09T09:00:00Z',
          yours: state.who === 'earner',
        })
      : problem(response, 404, 'invitation-unknown', 'This invitation is not known.'),
  )
  app.post('/v1/invitation-links/:token/accept', (_request, response) => {
    state.invitation = 'accepted'
    state.who = 'member'
    const [organisation] = session(true).organisations
    response.json({ membershipId: '0197a2c0-0000-4000-8000-00000000b309', organisation })
  })
  app.post('/v1/invitation-links/:token/decline', (_request, response) => {
    state.invitation = 'declined'
    response.status(204).end()
  })

  app.get('/v1/catalogue', ({ query }, response) =>
    response.json(query['eqf'] === '9' ? { ...catalogue, items: [], total: 0 } : catalogue),
  )
  app.get('/v1/expert-review-links/:token', ({ params }, response) =>
    params.token === EXPERT_TOKEN
      ? response.json(expertReviewRequest)
      : problem(response, 404, 'expert-review-unknown', 'This link leads to no request.'),
  )
  app.post('/v1/expert-review-links/:token/answer', (_request, response) => {
    response.json({ ...expertReviewRequest, state: 'answered' })
  })

  app.post('/v1/codes/redeem', (request, response) => {
    if (jsonBody(request)['code'] !== REDEEM_CODE)
      return problem(response, 404, 'code-unknown', 'There is no such code.')
    const outcome = state.redeemed ? 'already' : 'redeemed'
    state.redeemed = true
    const name = { en: 'Open day', nl: 'Open dag' }
    return response.json({ outcome, slug: 'open-day', name, redeemedAt: '2026-11-25T12:00:00Z' })
  })

  app.get('/v1/endorsement-requests/:token', ({ params }, response) =>
    params.token === ENDORSE_TOKEN ? response.json(endorsementRequest) : missing(response),
  )
  app.post('/v1/endorsement-requests/:token/signature', (request, response) => {
    const { credential } = jsonBody(request)
    if (typeof credential === 'object' && credential !== null && 'proof' in credential)
      return response.json({ id: endorsementRequest.id })
    return problem(response, 422, 'endorsement-unsigned', 'The document has no proof.')
  })
  app.post('/v1/endorsement-requests/:token/reject', (_request, response) => response.status(204).end())

  app.get('/v1/public/achievements/:id', ({ params }, response) =>
    params.id === ACHIEVEMENT_ID ? response.json(publicAchievement) : missing(response),
  )
  app.get('/issuers/:slug', (request, response, next) => {
    if (request.headers.accept?.startsWith('text/html')) return next()
    return request.params.slug === ISSUER_SLUG ? response.json(profileDocument) : missing(response)
  })
  app.get('/issuers/:slug/did.json', (_request, response) => response.json(didDocument))

  app.post('/v1/verify', (request, response) => {
    const body = typeof request.body === 'string' ? request.body : ''
    if (body.includes('tampered')) return response.json(invalidReport)
    if (body.includes('unknown-issuer')) return response.json(undecidedReport)
    if (body.includes('no-badge'))
      return problem(
        response,
        422,
        'document-unreadable',
        'No badge can be read from this: it is no JSON object.',
      )
    return response.json(validReport)
  })

  app.get('/v1/claim-confirmations', ({ query }, response) =>
    response.json(query['cursor'] === undefined ? newerQuestions : olderQuestions),
  )
  for (const [path, answer] of Object.entries({ ...consoleAnswers, ...consolePageAnswers })) {
    app.get(`/v1/${path}`, (_request, response) => response.json(answer))
  }
  app.post('/v1/blast-radius', (_request, response) => response.json(blastRadius))
  app.post('/v1/rules/check', (request, response) =>
    response.json(
      JSON.stringify(jsonBody(request)).includes('distinctOf')
        ? { faults: [], warnings: [] }
        : {
            faults: [{ code: 'rule-operator-missing', path: '/when', message: 'This part has no operator.' }],
            warnings: [],
          },
    ),
  )
  app.post('/v1/achievements/check', (request, response) =>
    response.json(
      JSON.stringify(jsonBody(request)).includes('"due"')
        ? { publishable: true, missing: [], advice: [] }
        : {
            publishable: false,
            missing: [{ pointer: '/audience', reason: 'missing' }],
            advice: [
              {
                item: 'x',
                pointer: '/criteriaItems/0/due',
                letter: 'time-bound',
                gap: 'due-missing',
                text: { en: 'Time-bound: say by when.', nl: 'Tijdgebonden: zeg wanneer.' },
              },
            ],
          },
    ),
  )
  app.put('/v1/achievements/*rest', (_request, response) => response.json({}))
  app.post('/v1/api-keys', (_request, response) =>
    response.status(201).json({ apiKey: consoleAnswers['api-keys'].items[0], secret: 'wm_sample_not_a_key' }),
  )
  app.post('/v1/rules/dry-runs', (_request, response) =>
    response.status(202).json(consoleAnswers[`jobs/${DRY_RUN_ID}`]),
  )
  app.post('/v1/roles', (request, response) =>
    String(jsonBody(request)['name']).toLowerCase() === 'teacher'
      ? problem(response, 409, 'role-name-taken', 'There is a role Teacher already.')
      : response.status(201).json(consoleAnswers.roles.items[2]),
  )
  app.post('/v1/*rest', (_request, response) => response.json({}))
  app.put('/v1/organisations/house-style', (request, response) => {
    response.json({ ...jsonBody(request), revision: 4 })
  })
  app.patch('/v1/*rest', (_request, response) => response.json({}))
  app.delete('/v1/*rest', (_request, response) => response.status(204).end())

  app.use(web.fallback)
  app.use((_request, response) => missing(response))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    signIn: (who) => {
      state.who = who
    },
    reset: () => {
      Object.assign(state, {
        who: 'nobody',
        claim: 'open',
        visibility: 'public',
        redeemed: false,
        invitation: 'open',
      })
      calls.length = 0
    },
    close: () => close(server),
  }
}

export const WEB_DIRECTORY = join(import.meta.dirname, '../../dist/web')

const jsonBody = (request: Request): Readonly<Record<string, unknown>> =>
  typeof request.body === 'string' && request.body !== ''
    ? (JSON.parse(request.body) as Record<string, unknown>)
    : {}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
