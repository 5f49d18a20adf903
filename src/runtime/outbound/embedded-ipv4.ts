// IPv6 addresses that lead to an IPv4 address: the mapped, translated and tunnelled ones.
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** The address that a packet would reach in the end; the same one when nothing is wrapped. */
export function unwrapAddress(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address
  const bytes = address.toByteArray()
  const at = offsetOf(address.parts)
  return at === undefined ? address : new ipaddr.IPv4(bytes.slice(at, at + 4))
}

/** Where the four bytes of IPv4 begin. */
function offsetOf(parts: readonly number[]): number | undefined {
  const [a, b, c, d, e, f, g] = parts
  // 6to4 (RFC 3056): 2002:AABB:CCDD::
  if (a === 0x2002) return 2
  // NAT64 (RFC 6052): 64:ff9b::a.b.c.d
  if (a === 0x64 && b === 0xff9b && isZero(c, d, e, f)) return 12
  // ISATAP (RFC 5214): any prefix, then 0:5efe:a.b.c.d or 200:5efe:a.b.c.d
  if (f === 0x5efe && (e === 0 || e === 0x200)) return 12
  if (!isZero(a, b, c, d)) return undefined
  // Mapped (::ffff:a.b.c.d), translated (::ffff:0:a.b.c.d, RFC 2765)
  if ((isZero(e) && f === 0xffff) || (e === 0xffff && isZero(f))) return 12
  // Compatible (::a.b.c.d), but not :: and ::1
  return isZero(e, f) && !isZero(g) ? 12 : undefined
}

function isZero(...parts: (number | undefined)[]): boolean {
  return parts.every((part) => part === 0)
}
