import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  CollectionChange,
  Collection as CollectionSchema,
  MadeCollection as MadeCollectionSchema,
  NewCollection,
  SharedCollection,
} from '#api/schemas/collections.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import { ReadQuery } from '#api/schemas/credentials.ts'
import type { CollectionAccess } from '#engine/credentials/collection.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { MadeCollection } from '#services/backpack/manage-collections.ts'
import type { CollectionBadge } from '#services/backpack/show-collection.ts'
import type { Collection } from '#services/ports/collection-store.ts'
import { credentialState } from './credential-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['collections']
const access = 'session'
const IdParams = z.strictObject({ id: Id })

export const collectionRoutes = ({
  collections,
  showCollection,
  publicUrl,
}: RouteNeeds): readonly Route[] => {
  const show = (collection: Collection) => ({
    id: collection.id,
    page: `${publicUrl}/collections/${collection.id}`,
    name: { ...collection.name },
    description: { ...collection.description },
    visibility: collection.visibility,
    expiresAt: timeOrNull(collection.visibility === 'link' ? collection.expiresAt : undefined),
    badges: collection.items.map((item) => ({ ...item })),
    revision: collection.revision,
    createdAt: formatInstant(collection.createdAt),
    changedAt: formatInstant(collection.changedAt),
  })
  const showMade = ({ collection, url }: MadeCollection) => ({
    body: { ...show(collection), url: url ?? null },
    headers: { ETag: versionTag(collection.revision) },
  })
  const showBadge = (found: CollectionBadge, id: string, share: string | undefined) => {
    const { credential, version, issuer, award } = found
    const { name, image } = version.definition
    const through = new URLSearchParams(given({ collection: id, share }))
    return {
      credentialId: credential.id,
      page: `${publicUrl}/credentials/${credential.id}?${through}`,
      achievementName: { ...name },
      issuerName: issuer.name,
      issuerDomain: found.issuerDomain,
      image: image === undefined ? null : `${issuer.origin}/images/${image}.png`,
      awardedAt: formatInstant(award.awardedAt),
      state: credentialState(found),
      test: found.test,
    }
  }

  return [
    defineRoute({
      method: 'get',
      path: '/v1/collections',
      operationId: 'listCollections',
      tags,
      summary: 'The collections of the caller, the newest first',
      access,
      responses: { 200: listOf(CollectionSchema) },
      handler: async ({ principal }) => ({
        status: 200,
        body: { items: (await collections.list(principal.accountId)).map(show) },
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/collections',
      operationId: 'createCollection',
      tags,
      summary: 'Put badges together under a name',
      description:
        'Where others are to see it (`visibility`: `link` or `public`), a private badge in it is seen too only with `shareBadges: true`; else the call is refused and names those badges. The address of its link is in this answer only.',
      access,
      request: { body: NewCollection },
      responses: { 201: MadeCollectionSchema },
      problems: [errors.notFound, errors.endInPast, errors.badgesNotShared, errors.tooManyCollections],
      idempotent: { secrets: ['url'] },
      handler: async ({ principal, body }) => {
        const { name, description, badges, shareBadges = false } = body
        const wanted = {
          name,
          description,
          access: accessOf(body.visibility, body.expiresAt),
          badges: badges as CredentialId[],
        }
        const made = await collections.create(principal.accountId, wanted, { shareBadges })
        return { status: 201, ...showMade(made) }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/collections/{id}',
      operationId: 'getCollection',
      tags,
      summary: 'One collection of the caller',
      access,
      request: { params: IdParams },
      responses: { 200: CollectionSchema },
      problems: [errors.notFound],
      handler: async ({ principal, params }) => {
        const collection = await collections.find(principal.accountId, params.id as CollectionId)
        return { status: 200, body: show(collection), headers: { ETag: versionTag(collection.revision) } }
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/v1/collections/{id}',
      operationId: 'changeCollection',
      tags,
      summary: 'Change a collection: texts, badges and their order, who sees it',
      description:
        'What is left out stays. `badges` is the whole list anew. `visibility: "link"` makes a link where there is none, and `newLink: true` another in its place; without `expiresAt` beside it the link has no end. Made private, nobody else sees it any more, and what was agreed for its private badges ends.',
      access,
      request: { params: IdParams, body: CollectionChange },
      responses: { 200: MadeCollectionSchema },
      problems: [errors.notFound, errors.endInPast, errors.badgesNotShared],
      ifMatch: true,
      handler: async ({ principal, params, body, expectedVersion }) => {
        const {
          name,
          description,
          visibility,
          expiresAt,
          badges,
          shareBadges = false,
          newLink = false,
        } = body
        const change = given({
          name,
          description,
          access: visibility === undefined ? undefined : accessOf(visibility, expiresAt),
          badges: badges as CredentialId[] | undefined,
        })
        const id = params.id as CollectionId
        const consent = { shareBadges, newLink }
        const made = await collections.change(principal.accountId, id, expectedVersion, change, consent)
        return { status: 200, ...showMade(made) }
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/collections/{id}',
      operationId: 'removeCollection',
      tags,
      summary: 'Remove a collection',
      description: 'Its badges stay in the backpack.',
      access,
      request: { params: IdParams },
      responses: { 204: { empty: true } },
      problems: [errors.notFound],
      ifMatch: true,
      handler: async ({ principal, params, expectedVersion }) => {
        await collections.remove(principal.accountId, params.id as CollectionId, expectedVersion)
        return { status: 204 }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/public/collections/{id}',
      operationId: 'getSharedCollection',
      tags: ['public'],
      summary: 'A collection as strangers see it',
      description:
        'Public, or with the token of its link. Only badges that are public or that its owner agreed to show in it. One that is private, whose link is over, and that never was answer the same 404.',
      access: 'public',
      request: { params: IdParams, query: ReadQuery.omit({ collection: true }) },
      responses: { 200: SharedCollection },
      problems: [errors.notFound],
      handler: async ({ params, query }) => {
        const { collection, badges } = await showCollection(params.id as CollectionId, query.share)
        return {
          status: 200,
          body: {
            id: collection.id,
            name: { ...collection.name },
            description: { ...collection.description },
            badges: badges.map((badge) => showBadge(badge, collection.id, query.share)),
          },
          ...(collection.visibility === 'public' ? {} : { headers: { 'X-Robots-Tag': 'noindex' } }),
        }
      },
    }),
  ]
}

function accessOf(
  visibility: CollectionAccess['visibility'],
  expiresAt: string | undefined,
): CollectionAccess {
  if (visibility !== 'link') return { visibility }
  return { visibility, ...given({ expiresAt: readTime(expiresAt, '/expiresAt') }) }
}
