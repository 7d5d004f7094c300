/** What a body may be. The JSON kinds pass the strict parser; the others are handed over as bytes. */
export type JsonKind = 'json' | 'cloudevent' | 'cloudevents' | 'vc' | 'ld'
export type BytesKind = 'text' | 'mail' | 'form' | 'multipart' | PictureKind | 'pdf' | 'csv' | 'jwt' | 'bytes'
export type PictureKind = 'png' | 'jpeg' | 'webp' | 'gif' | 'svg'
export type BodyKind = JsonKind | BytesKind

/** The media types of each kind; the first is the one that the reference shows. */
export const mediaTypes: Readonly<Record<BodyKind, readonly [string, ...string[]]>> = {
  json: ['application/json'],
  cloudevent: ['application/cloudevents+json'],
  cloudevents: ['application/cloudevents-batch+json'],
  vc: ['application/vc', 'application/vc+ld+json', 'application/vp'],
  ld: ['application/ld+json'],
  text: ['text/plain'],
  mail: ['message/rfc822', 'message/global'],
  form: ['application/x-www-form-urlencoded'],
  multipart: ['multipart/form-data'],
  png: ['image/png'],
  jpeg: ['image/jpeg'],
  webp: ['image/webp'],
  gif: ['image/gif'],
  svg: ['image/svg+xml'],
  pdf: ['application/pdf'],
  csv: ['text/csv'],
  jwt: ['application/vc+jwt', 'application/jwt', 'application/jose'],
  bytes: ['application/octet-stream'],
}

const JSON_KINDS: ReadonlySet<BodyKind> = new Set<BodyKind>(['json', 'cloudevent', 'cloudevents', 'vc', 'ld'])

export const isJsonKind = (kind: BodyKind): kind is JsonKind => JSON_KINDS.has(kind)

/** The kind of a media type without its parameters; undefined for one that we do not take. */
export function kindOfMediaType(mediaType: string): BodyKind | undefined {
  for (const [kind, types] of Object.entries(mediaTypes))
    if (types.includes(mediaType)) return kind as BodyKind
  return undefined
}
