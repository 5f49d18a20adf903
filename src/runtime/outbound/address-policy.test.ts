import { describe, expect, it } from 'vitest'
import { classifyAddress, isForbidden, isMetadataName } from './address-policy.ts'
import { parseAllowList } from './allow-list.ts'
import { checkDestination } from './check-destination.ts'
import { normalizeHost } from './host-name.ts'

/** Ways to write this machine, a metadata service or nothing sensible, as they were used in real attacks. */
const forbidden = [
  // 127.0.0.1 in decimal, octal, hexadecimal, short and mixed forms
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.127.127.127',
  '127.255.255.254',
  '2130706433',
  '2130706433.',
  '017700000001',
  '0x7f000001',
  '0X7F000001',
  '0x7F.1',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '0177.0.0.01',
  '00000177.0.0.1',
  '0177.0x0.0.1',
  '127.0.0.0x1',
  '127.0x1',
  '0x7f.1.',
  // other scripts and escapes that become digits and dots
  '①②⑦.⓪.⓪.①',
  '１２７.０.０.１',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  // unspecified and "this network"
  '0',
  '0.0.0.0',
  '0x0',
  '00',
  '0.0',
  '0.1.2.3',
  '::',
  '[::]',
  '0:0:0:0:0:0:0:0',
  // IPv6 loopback
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::0001',
  '::1%lo',
  // IPv4 inside IPv6: mapped, translated, compatible, 6to4, NAT64, ISATAP, Teredo
  '::ffff:127.0.0.1',
  '[::ffff:127.0.0.1]',
  '::ffff:7f00:1',
  '::FFFF:7F00:0001',
  '0:0:0:0:0:ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '::7f00:1',
  '2002:7f00:1::',
  '2002:7f00:0001:1::5',
  '64:ff9b::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  'fd00::5efe:127.0.0.1',
  '2001:db8::200:5efe:7f00:1',
  '2001:0:7f00:1::',
  // metadata services
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '0xA9.0xFE.0xA9.0xFE',
  '169.254.170.2',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::',
  'fd00:ec2::254',
  'FD00:0EC2:0:0:0:0:0:0254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'metadata.google.internal',
  'METADATA.google.INTERNAL.',
  'metadata',
  'instance-data',
  'metadata.goog',
  // link-local, site-local, multicast, broadcast, reserved, documentation, carrier-grade NAT
  '169.254.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  '224.0.0.1',
  '239.255.255.250',
  'ff02::1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '100.64.0.1',
  '2001:db8::1',
  '100::1',
]

const allowed = [
  '10.0.0.1',
  '0xa000001',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  'fd12:3456::1',
  '8.8.8.8',
]
const more = [
  '172.32.0.1',
  '2606:4700::1111',
  '::ffff:10.0.0.1',
  '64:ff9b::808:808',
  '2002:a00:1::',
  '11.0.0.1',
]

const neverAsked = async (host: string): Promise<string[]> => {
  throw new Error(`The resolver was asked for ${host}`)
}
const nothing = { allow: parseAllowList([]), lookup: neverAsked }
const check = (host: string, allow: string[] = [], lookup = neverAsked) =>
  checkDestination({ host, port: 443 }, { allow: parseAllowList(allow), lookup })
const refused = { code: 'outbound-refused', status: 422 }

describe('the address policy', () => {
  it.each(forbidden)('refuses %s', async (host) => {
    await expect(check(host)).rejects.toMatchObject(refused)
  })

  it.each([...allowed, ...more])('lets %s through', async (host) => {
    const { addresses } = await check(host)
    expect(addresses).toHaveLength(1)
  })

  it.each([
    '',
    ' ',
    'a b',
    'http://127.0.0.1',
    '127.0.0.1/x',
    'user@127.0.0.1',
    '127.0.0.1:80',
    '[::1',
    'a\\b',
    '256.256.256.256',
    '1.2.3.4.5',
    '::g',
    '%00',
    'a\u0000b',
  ])('takes "%s" for no host', async (host) => {
    await expect(check(host)).rejects.toMatchObject({ code: 'bad-request' })
  })

  it.each([0, -1, 65_536, 1.5, Number.NaN])('takes %d for no port', async (port) => {
    await expect(checkDestination({ host: '10.0.0.1', port }, nothing)).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('calls kinds by their names', () => {
    expect(classifyAddress('10.1.2.3')).toBe('private')
    expect(classifyAddress('1.1.1.1')).toBe('public')
    expect(classifyAddress('169.254.1.1')).toBe('link-local')
    expect(classifyAddress('not an address')).toBe('reserved')
    expect(['public', 'private'].some((kind) => isForbidden(kind as 'public'))).toBe(false)
    expect(isMetadataName('metadata.example.com')).toBe(false)
  })
})

describe('names', () => {
  it('are checked by all their addresses: one forbidden refuses all', async () => {
    const mixed = async () => ['10.0.0.1', '93.184.215.14', '::ffff:127.0.0.1']
    await expect(check('mixed.example', [], mixed)).rejects.toMatchObject(refused)
    const { addresses } = await check('fine.example', [], async () => ['10.0.0.1', 'fd00::1'])
    expect(addresses).toEqual(['10.0.0.1', 'fd00::1'])
  })

  it('without an address are not found', async () => {
    await expect(check('empty.example', [], async () => [])).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('have one spelling', () => {
    expect(normalizeHost('EXAMPLE.com.')).toBe('example.com')
    expect(normalizeHost('bücher.example')).toBe('xn--bcher-kva.example')
    expect(normalizeHost('[FE80:0:0::1%eth0]')).toBe('fe80::1%eth0')
    expect(normalizeHost('my_host')).toBe('my_host')
  })
})

describe('the allow list', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['127.0.0.1:443', '2130706433'],
    ['127.0.0.0/8', '127.9.9.9'],
    ['[::1]:443', '::1'],
    ['::1', '[::1]'],
    ['::1/128', '::1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['metadata.google.internal', 'Metadata.Google.Internal.'],
    ['localhost', 'LOCALHOST'],
    ['localhost:443', 'localhost'],
    ['*.demo.internal', 'app-1.demo.internal'],
  ])('%s lets %s through', async (entry, host) => {
    const loopback = async () => ['127.0.0.1', '::1']
    await expect(check(host, ['10.9.9.9', entry], loopback)).resolves.toMatchObject({ port: 443 })
  })

  it.each([
    ['127.0.0.1:80', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.1', 'localhost'],
    ['[::1]:80', '::1'],
    ['localhost:80', 'localhost'],
    ['localhost', 'notlocalhost'],
    ['*.demo.internal', 'demo.internal'],
    ['*.demo.internal', 'evildemo.internal'],
    ['0.0.0.0/8', '127.0.0.1'],
    ['::/0', '127.0.0.1'],
  ])('%s does not open %s', async (entry, host) => {
    const loopback = async () => ['127.0.0.1', '::1']
    await expect(check(host, [entry], loopback)).rejects.toMatchObject(refused)
  })

  it.each(['', 'http://here', '10.0.0.0/33', '10.0.0/x', 'a b', '*', 'a.*.b', 'here:99999999', '[::1'])(
    'refuses the entry "%s"',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    },
  )

  it('is named by a refusal, with the entry that would help', async () => {
    await expect(check('127.1')).rejects.toThrow('FERMATA_OUTBOUND_ALLOW=127.0.0.1:443')
    await expect(check('::1')).rejects.toThrow('FERMATA_OUTBOUND_ALLOW=[::1]:443')
    const rejected = check('db.example', [], async () => ['169.254.169.254'])
    await expect(rejected).rejects.toThrow(/db\.example \(169\.254\.169\.254\) is a metadata service/)
    await expect(
      check('db.example', ['db.example:443'], async () => ['169.254.169.254']),
    ).resolves.toBeDefined()
  })
})
