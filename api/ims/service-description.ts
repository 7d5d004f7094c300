import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import { OPEN_BADGES_PATH } from './status-info-answer.ts'

export interface DescriptionNeeds {
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string
  readonly termsUrl: string
  readonly privacyUrl: string
  /** Where the authorization server stands. */
  readonly oauthUrl: string
}

const SCHEMAS = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json'

/** What an application may be let into, in the words of the specification of the API. */
const SCOPE_WORDS: Readonly<Record<string, string>> = {
  [OB_SCOPES.readCredentials]: 'Permission to read OpenBadgeCredentials for the authenticated entity.',
  [OB_SCOPES.upsertCredentials]:
    'Permission to create or update OpenBadgeCredentials for the authenticated entity.',
  [OB_SCOPES.readProfile]: 'Permission to read the profile for the authenticated entity.',
  [OB_SCOPES.updateProfile]: 'Permission to update the profile for the authenticated entity.',
}

/** The Service Description Document (Open Badges API 3.0, getServiceDescription): an OpenAPI 3.0 document. */
export function serviceDescription({ publicUrl, termsUrl, privacyUrl, oauthUrl }: DescriptionNeeds): object {
  const refusal = { $ref: '#/components/responses/Imsx_StatusInfo' }
  const refused = (...statuses: readonly number[]) =>
    Object.fromEntries([...statuses, 500].map((status) => [String(status), refusal]))
  const json = (schema: object) => ({ 'application/json': { schema } })
  const secured = (scope: string) => [{ OAuth2ACG: [scope] }]
  const query = (name: string, schema: object, description: string) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  })
  const credential = { $ref: '#/components/schemas/AchievementCredential' }
  const profile = { $ref: '#/components/schemas/Profile' }
  const compact = { 'text/plain': { schema: { $ref: '#/components/schemas/CompactJws' } } }
  const either = {
    ...json(credential),
    'application/vc+ld+json': { schema: credential },
    ...compact,
  }
  return {
    openapi: '3.0.1',
    info: {
      title: 'Waarmerk',
      description: 'Open Badges 3.0 of the people who keep their badges here.',
      version: '3.0',
      termsOfService: termsUrl,
      'x-imssf-privacyPolicyUrl': privacyUrl,
    },
    servers: [{ url: `${publicUrl}${OPEN_BADGES_PATH}` }],
    tags: [{ name: 'OpenBadgeCredentials' }, { name: 'Discovery' }],
    paths: {
      '/credentials': {
        get: {
          tags: ['OpenBadgeCredentials'],
          operationId: 'getCredentials',
          summary: 'The badges of the authenticated person',
          parameters: [
            query('limit', { type: 'integer', format: 'int32', minimum: 1 }, 'At most 100 a page.'),
            query('offset', { type: 'integer', format: 'int32', minimum: 0 }, 'Where the page begins.'),
            query(
              'since',
              { type: 'string', format: 'date-time' },
              'Only what was issued after this moment.',
            ),
          ],
          security: secured(OB_SCOPES.readCredentials),
          responses: {
            200: {
              description: 'One page.',
              headers: {
                'X-Total-Count': { schema: { type: 'integer' } },
                Link: { schema: { type: 'string' } },
              },
              content: json({ $ref: '#/components/schemas/GetOpenBadgeCredentialsResponse' }),
            },
            ...refused(400, 401, 403),
          },
        },
        post: {
          tags: ['OpenBadgeCredentials'],
          operationId: 'upsertCredential',
          summary: 'Create or replace a badge of the authenticated person',
          security: secured(OB_SCOPES.upsertCredentials),
          requestBody: { required: true, content: either },
          responses: {
            200: { description: 'It took the place of the same badge.', content: either },
            201: { description: 'It was created.', content: either },
            304: { description: 'What is kept is newer. Nothing changed.' },
            ...refused(400, 401, 403, 413, 415),
          },
        },
      },
      '/profile': {
        get: {
          tags: ['OpenBadgeCredentials'],
          operationId: 'getProfile',
          summary: 'The Profile of the authenticated person',
          security: secured(OB_SCOPES.readProfile),
          responses: { 200: { description: 'It.', content: json(profile) }, ...refused(401, 403) },
        },
        put: {
          tags: ['OpenBadgeCredentials'],
          operationId: 'putProfile',
          summary: 'Replace the Profile of the authenticated person',
          security: secured(OB_SCOPES.updateProfile),
          requestBody: { required: true, content: json(profile) },
          responses: {
            200: { description: 'It was replaced.', content: json(profile) },
            ...refused(400, 401, 403, 413, 415),
          },
        },
      },
      '/discovery': {
        get: {
          tags: ['Discovery'],
          operationId: 'getServiceDescription',
          summary: 'This document',
          responses: { 200: { description: 'It.', content: json({ type: 'object' }) } },
        },
      },
    },
    components: {
      securitySchemes: {
        OAuth2ACG: {
          type: 'oauth2',
          description: 'OAuth 2.0 authorization code with dynamic client registration and PKCE (S256).',
          'x-imssf-name': 'Waarmerk',
          'x-imssf-privacyPolicyUrl': privacyUrl,
          'x-imssf-registrationUrl': `${oauthUrl}/register`,
          'x-imssf-termsOfServiceUrl': termsUrl,
          flows: {
            authorizationCode: {
              authorizationUrl: `${oauthUrl}/authorize`,
              tokenUrl: `${oauthUrl}/token`,
              refreshUrl: `${oauthUrl}/token`,
              'x-imssf-revocationUrl': `${oauthUrl}/revoke`,
              scopes: SCOPE_WORDS,
            },
          },
        },
      },
      responses: {
        Imsx_StatusInfo: {
          description: 'Refused.',
          content: json({ $ref: '#/components/schemas/Imsx_StatusInfo' }),
        },
      },
      schemas: {
        AchievementCredential: {
          type: 'object',
          externalDocs: { url: `${SCHEMAS}/ob_v3p0_achievementcredential_schema.json` },
        },
        CompactJws: { type: 'string', pattern: '^[-A-Za-z0-9_]+\\.[-A-Za-z0-9_]+\\.[-A-Za-z0-9_]*$' },
        GetOpenBadgeCredentialsResponse: {
          type: 'object',
          properties: {
            credential: { type: 'array', items: credential },
            compactJwsString: { type: 'array', items: { $ref: '#/components/schemas/CompactJws' } },
          },
        },
        Profile: { type: 'object', externalDocs: { url: `${SCHEMAS}/ob_v3p0_profile_schema.json` } },
        Imsx_StatusInfo: {
          type: 'object',
          required: ['imsx_codeMajor', 'imsx_severity'],
          externalDocs: { url: `${SCHEMAS}/ob_v3p0_imsx_statusinfo_schema.json` },
        },
      },
    },
  }
}
