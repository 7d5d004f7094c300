import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/*
 * In a graph it does not matter where in the JSON a node is described: `validUntil` may be moved from a badge to the
 * subject of an endorsement of that badge, which bears the same id, and every signature over the graph still holds. Whoever
 * reads the members of the badge would find no end. So what is read for what it says must say all of it in one place.
 */

/** A description of a node: its id and something besides. */
interface Mention {
  readonly node: JsonObject
  /** Under which member it stands; undefined at the root of its graph. */
  readonly member: string | undefined
}

type Graph = Map<string, Mention[]>

/** Says what is described in more than one place so that a reader could be deceived; undefined when nothing is. */
export function secondPlaceIn(document: JsonObject): string | undefined {
  const listed = listedTwiceIn(document, undefined)
  if (listed !== undefined) return listed
  const graphs: Graph[] = []
  collect(document, undefined, openGraph(graphs), graphs)
  for (const graph of graphs) {
    for (const [id, mentions] of graph) {
      if (mentions.length > 1 && isSplit(mentions)) return id
    }
  }
  return undefined
}

/** What is read from the entry of a list in which it stands, the first one where one is shown. */
const READ_FROM_LISTS = new Set([
  ...['credentialSubject', 'achievement', 'criteria', 'image', 'creator', 'source', 'parentOrg'],
  ...['result', 'resultDescription', 'rubricCriterionLevel'],
])

/**
 * The id under which two entries of one list tell of the same thing, each in its own way. Whoever holds a badge could make two of
 * one, and put what is not to be seen into the second: a bare id before the rest hides all of it.
 */
function listedTwiceIn(value: Json, member: string | undefined): string | undefined {
  if (isJsonArray(value)) {
    const first = new Map<string, JsonObject>()
    for (const item of value) {
      const found = listedTwiceIn(item, member)
      if (found !== undefined) return found
      if (member === undefined || !READ_FROM_LISTS.has(member) || !isJsonObject(item)) continue
      const { id } = item
      if (typeof id !== 'string') continue
      const before = first.get(id) ?? item
      if (!isSame(before, item)) return id
      first.set(id, before)
    }
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const found = name === '@context' ? undefined : listedTwiceIn(inner, name)
    if (found !== undefined) return found
  }
  return undefined
}

function openGraph(graphs: Graph[]): Graph {
  const graph: Graph = new Map()
  graphs.push(graph)
  return graph
}

function collect(value: Json, member: string | undefined, graph: Graph, graphs: Graph[]): void {
  if (isJsonArray(value)) {
    for (const item of value) collect(item, member, graph, graphs)
    return
  }
  // An issuer that is a bare id: what is said of it elsewhere could be moved here.
  if (member === 'issuer' && typeof value === 'string') mention({ id: value }, member, graph)
  if (!isJsonObject(value)) return
  if (member === 'issuer' || Object.keys(value).length > 1) mention(value, member, graph)
  for (const [name, inner] of Object.entries(value)) {
    if (name === '@context') continue
    if (!hasOwnGraph(name, value)) collect(inner, name, graph, graphs)
    else
      for (const item of isJsonArray(inner) ? inner : [inner])
        collect(item, undefined, openGraph(graphs), graphs)
  }
}

function mention(node: JsonObject, member: string | undefined, graph: Graph): void {
  const { id } = node
  if (typeof id !== 'string') return
  const mentions = graph.get(id) ?? []
  mentions.push({ node, member })
  graph.set(id, mentions)
}

/**
 * Proofs, and the credentials of a presentation, have a graph each (`@container: @graph`). Endorsements and the credentials of
 * a learner record have not: in the contexts of Open Badges 3.0 and CLR 2.0 they belong to the graph of what holds them.
 */
const hasOwnGraph = (member: string, holder: JsonObject): boolean =>
  member === 'proof' ||
  (member === 'verifiableCredential' && typesOf(holder).includes('VerifiablePresentation'))

/** Whether members of a node could have been moved from where they are read to where nobody looks for them. */
function isSplit(mentions: readonly Mention[]): boolean {
  const [credential] = mentions.filter(isCredential)
  if (credential !== undefined)
    return mentions.some((mention) =>
      isCredential(mention) ? !isSame(mention.node, credential.node) : saysMore(mention, {}),
    )
  const [status] = mentions.filter(({ member }) => member === 'credentialStatus')
  if (status !== undefined)
    return mentions.some((mention) =>
      mention.member === 'credentialStatus'
        ? !isSame(mention.node, status.node)
        : saysMore(mention, status.node),
    )
  for (const members of READ_AS_THEY_STAND) {
    const read = mentions.filter(({ member }) => member !== undefined && members.includes(member))
    const [fullest] = read.toSorted((a, b) => Object.keys(b.node).length - Object.keys(a.node).length)
    if (fullest === undefined) continue
    // Two badges of a learner record may tell of the same thing, each in its own words.
    const isOneKind = read.every(({ member }) => member === fullest.member)
    return mentions.some((each) => !(isOneKind && each.member === fullest.member) && addsTo(each, fullest))
  }
  return false
}

/**
 * What readers take for what an issuer, an achievement, or somebody else says or is. The first that an id stands under says
 * all of it, and whatever bears the same id may repeat it: another name there could as well be the name here.
 */
const READ_AS_THEY_STAND = [['issuer'], ['achievement'], ['creator', 'source', 'parentOrg']]

function addsTo({ node, member }: Mention, main: Mention): boolean {
  if (main.member === 'achievement') return saysMore({ node, member }, main.node)
  // Whoever issues a badge to itself is its subject too, and is told to have what no profile has.
  const isSelf = member === 'credentialSubject'
  // An issuer that is a bare id says nothing of itself, and may do so as its own subject.
  if (isSelf && Object.keys(main.node).length === 1) return false
  const read = Object.entries(node).filter(
    ([name]) => !SIGNED_ALONE.has(name) && (!isSelf || OF_PROFILES.has(name)),
  )
  return saysMore({ node: Object.fromEntries(read), member }, main.node)
}

/** Who endorses somebody says so under a signature of their own, wherever it stands. */
const SIGNED_ALONE = new Set(['endorsement', 'endorsementJwt'])

/** Terms of the `Profile` of Open Badges 3.0, and those of Verifiable Credentials that it uses. */
const OF_PROFILES = new Set([
  ...['name', 'url', 'description', 'image', 'email', 'phone', 'official', 'address', 'otherIdentifier'],
  ...['parentOrg', 'givenName', 'additionalName', 'patronymicName', 'familyName', 'familyNamePrefix'],
  ...['honorificPrefix', 'honorificSuffix', 'dateOfBirth'],
])

/** Where a credential may stand, and what calls itself one wherever it stands. */
const isCredential = ({ node, member }: Mention): boolean =>
  member === undefined ||
  member === 'endorsement' ||
  member === 'verifiableCredential' ||
  typesOf(node).some((type) => typeof type !== 'string' || /(?:Credential|Presentation)$/.test(type))

/**
 * What may be said of a node elsewhere, as no reader asks for it: that it is endorsed and in which words, that it is refreshed
 * at its own address, and the words of criteria that share the address of their achievement.
 */
const ELSEWHERE = new Set(['id', 'type', 'endorsementComment', 'narrative'])

/** What a related resource says of what stands at an address: an endorsement names the bytes that were endorsed. */
const OF_RESOURCES = new Set(['digestSRI', 'digestMultibase', 'mediaType'])

const saysMore = ({ node, member }: Mention, main: JsonObject): boolean =>
  Object.entries(node).some(([name, value]) => {
    const known = main[name]
    if (member === 'relatedResource' && OF_RESOURCES.has(name)) return false
    return !ELSEWHERE.has(name) && (known === undefined || canonicalJson(known) !== canonicalJson(value))
  })

const isSame = (a: JsonObject, b: JsonObject): boolean => a === b || canonicalJson(a) === canonicalJson(b)

function typesOf({ type = [] }: JsonObject): readonly Json[] {
  return isJsonArray(type) ? type : [type]
}
