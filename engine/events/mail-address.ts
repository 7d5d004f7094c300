/** RFC 5321, 4.5.3.1: octets; counted as characters here, which are never more. */
const MOST = 254
const MOST_LOCAL = 64
const MOST_DOMAIN = 253

/** One part between points: no space, nothing that is not seen, nothing that has a meaning of its own in a header. */
const ATOM = /^[^\s\p{C}\p{Z}"(),:;<>@[\\\]]+$/u
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u

/**
 * Whether a mail could go there: a dot-atom (RFC 5322, 3.4.1), an at sign and a domain. Quoted local parts, which hardly
 * anybody has and many servers refuse, are not taken. Letters of any script are.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || text.length > MOST || local.length > MOST_LOCAL || domain.length > MOST_DOMAIN) return false
  const labels = domain.split('.')
  return (
    local.split('.').every((atom) => ATOM.test(atom)) &&
    labels.every((label) => LABEL.test(label)) &&
    (labels.length > 1 || domain === 'localhost')
  )
}
