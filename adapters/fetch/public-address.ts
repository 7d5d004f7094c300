import { BlockList, isIP } from 'node:net'

/** What of IPv4 is not, or not surely, somebody's public server (IANA special-purpose registry, RFC 6890). */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // A cloud's own service in public clothes: Azure answers its machines here.
  ['168.63.129.16', 32],
]

/**
 * Of IPv6 only global unicast (2000::/3) is public: that leaves out loopback, link-local, unique local, multicast,
 * and every way to write an IPv4 address (mapped ::ffff:0:0/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48).
 * Of the rest these still lead elsewhere: protocol assignments with Teredo, documentation, 6to4.
 */
const SPECIAL_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const special4 = new BlockList()
for (const [net, prefix] of SPECIAL_IPV4) special4.addSubnet(net, prefix, 'ipv4')
const special6 = new BlockList()
for (const [net, prefix] of SPECIAL_IPV6) special6.addSubnet(net, prefix, 'ipv6')
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const loopback4 = new BlockList()
loopback4.addSubnet('127.0.0.0', 8, 'ipv4')

/** Says whether an address is a public one; false for anything that is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4')
    case 6:
      return globalUnicast.check(address, 'ipv6') && !special6.check(address, 'ipv6')
    default:
      return false
  }
}

/** Says whether an address is this machine. An IPv4 address in IPv6 clothes is not taken for one. */
export function isLoopbackAddress(address: string): boolean {
  if (address === '::1') return true
  return isIP(address) === 4 && loopback4.check(address, 'ipv4')
}
