import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { BADGE_ELEMENT, BADGE_NAMESPACE, readSvg } from './svg-markup.ts'

/**
 * Puts a credential into an SVG: JSON as CDATA, a compact JWS as `verify` attribute, right inside the root.
 * Badges that are in there already are replaced. Throws `image-unfit`, for one with a document type too.
 */
export function bakeSvg(svg: string, credential: string): string {
  const markup = readSvg(svg)
  if (markup === 'too-large')
    throw credentialErrors.imageUnfit({ reason: 'it is over 1 MB of SVG, or has too many parts' })
  if (markup === undefined || markup.rootIsEmpty) {
    throw credentialErrors.imageUnfit({ reason: 'it is no whole SVG, or it has a document type' })
  }
  const { badges, afterRootName, afterRootTag, rootDeclaresNamespace } = markup
  const starts = [...badges.map(({ start }) => start), svg.length]
  const rest = starts.map((start, at) => svg.slice(badges[at - 1]?.end ?? afterRootTag, start)).join('')
  const namespace = rootDeclaresNamespace ? '' : ` xmlns:openbadges="${BADGE_NAMESPACE}"`
  const tag = `${svg.slice(0, afterRootName)}${namespace}${svg.slice(afterRootName, afterRootTag)}`
  return `${tag}${badgeElement(credential)}${rest}`
}

function badgeElement(credential: string): string {
  if (!credential.trimStart().startsWith('{')) {
    if (!/^[\w.-]+$/.test(credential))
      throw credentialErrors.imageUnfit({ reason: 'the credential is neither JSON nor a JWS' })
    return `<${BADGE_ELEMENT} verify="${credential}"/>`
  }
  // A CDATA section cannot hold its own end, so one that would is split.
  const text = credential.replaceAll(']]>', ']]]]><![CDATA[>')
  return `<${BADGE_ELEMENT}><![CDATA[${text}]]></${BADGE_ELEMENT}>`
}
