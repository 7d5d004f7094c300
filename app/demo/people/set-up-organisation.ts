import type { Caller } from './caller.ts'
import type { School, Stage } from './stage.ts'

/** Journey: somebody founds an organisation, invites three people with different rights, and makes a key. */
export async function setUpOrganisation(stage: Stage): Promise<School> {
  const { operator, checks, stamp, url } = stage
  const { check } = checks
  checks.journey('Set up an organisation with rights')
  const slug = `demo-${stamp}`
  const at = (name: string) => `${name}@${slug}.example.org`

  const owner = await operator.signIn(at('owner'))
  const founded = await owner.post('/v1/organisations', { slug, name: `Sample school ${stamp}` })
  check('whoever is signed in founds an organisation', founded.status, 201)
  const roles = (await owner.get('/v1/roles')).body.items
  const roleId = (name: string) => roles.find((role: { name: string }) => role.name === name)?.id
  check(
    'it has four roles, and takes one of its own',
    [roles.length, (await owner.post('/v1/roles', { name: 'Mentor', rights: ['read', 'award'] })).status],
    [4, 201],
  )
  const issuer = await owner.post('/v1/issuers', { slug: `${slug}-issuer`, name: `Sample issuer ${stamp}` })
  check('an issuer profile is a unit of its own', issuer.status, 201)

  const join = async (name: string, role: string): Promise<Caller> => {
    const email = at(name)
    const invited = await owner.post('/v1/invitations', { email, roleId: roleId(role), language: 'nl' })
    const token = await operator.mailed(email, /#([\w-]{43})/)
    const somebodyElse = await operator.signIn(at(`not-${name}`))
    const stolen = await somebodyElse.post(`/v1/invitation-links/${token}/accept`)
    const person = await operator.signIn(email)
    const accepted = await person.post(`/v1/invitation-links/${token}/accept`)
    check(
      `${role.toLowerCase()}: invited by mail, the link alone lets nobody in, the address and the link do`,
      [invited.status, stolen.status, accepted.status],
      [201, 403, 200],
    )
    return person
  }
  const designer = await join('designer', 'Designer')
  const awarder = await join('awarder', 'Awarder')
  const viewer = await join('viewer', 'Viewer')

  const asAwarder = await awarder.post('/v1/issuers', { slug: `${slug}-other`, name: 'X' })
  check(
    'a right that somebody lacks is named',
    [asAwarder.status, asAwarder.body.code, asAwarder.body.parameters?.right],
    [403, 'forbidden', 'administer'],
  )
  const outsider = await operator.signIn(at('outsider'))
  await outsider.post('/v1/organisations', { slug: `${slug}-next`, name: 'Sample neighbour' })
  check(
    'to another organisation its issuer does not exist',
    (await outsider.get(`/v1/issuers/${issuer.body.id}`)).status,
    404,
  )
  const key = await owner.post('/v1/api-keys', { name: 'LMS', rights: ['read'] })
  const listed = await owner.get('/v1/api-keys')
  check(
    'a key is shown once',
    [key.status, typeof key.body.secret, listed.text.includes(key.body.secret)],
    [201, 'string', false],
  )
  const members = (await owner.get('/v1/members')).body.items
  const own = members.find((member: { rights: string[] }) => member.rights.includes('administer'))
  const left = await owner.send('DELETE', `/v1/members/${own?.id}`)
  check('the last administrator stays', [left.status, left.body.code], [409, 'last-administrator'])
  checks.note(`${url}/console shows it to ${at('owner')}`)
  return { slug, owner, designer, awarder, viewer, issuerId: issuer.body.id, at }
}
