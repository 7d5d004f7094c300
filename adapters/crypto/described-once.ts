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
  const graphs: Graph[] = []
  collect(document, undefined, openGraph(graphs), graphs)
  for (const graph of graphs) {
    for (const [id, mentions] of graph) {
      if (mentions.length > 1 && isSplit(mentions)) return id
    }
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
  if (!isJsonObject(value)) return
  const { id } = value
  if (typeof id === 'string' && Object.keys(value).length > 1) {
    const mentions = graph.get(id) ?? []
    mentions.push({ node: value, member })
    graph.set(id, mentions)
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name === '@context') continue
    if (!hasOwnGraph(name, value)) collect(inner, name, graph, graphs)
    else
      for (const item of isJsonArray(inner) ? inner : [inner])
        collect(item, undefined, openGraph(graphs), graphs)
  }
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
  // Two badges of a learner record may tell of the same achievement, each in its own words.
  const [achievement] = mentions.filter(({ member }) => member === 'achievement')
  return (
    achievement !== undefined &&
    mentions.some((mention) => mention.member !== 'achievement' && saysMore(mention, achievement.node))
  )
}

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
