// The table of what WeCube's operators find here names tests: each of them exists.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './helpers/source-files.ts'

const page = readFileSync(join(root, 'docs/reference/wecube-parity.md'), 'utf8')
const rows = [...page.matchAll(/^\| (\d+) \|(.*)\|$/gm)].map(([, number, rest = '']) => ({
  number: Number(number),
  proofs: (rest.split('|').at(-1) ?? '').split('<br>').map((proof) => proof.trim()),
}))

/** Names of tests, as they are written: with the quotes around them. */
function testsOf(file: string): string {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''
}

describe('the table of what WeCube has', () => {
  it('has all 22 rows, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1))
  })

  it.each(rows.flatMap(({ number, proofs }) => proofs.map((proof) => ({ number, proof }))))(
    'row $number: $proof',
    ({ proof }) => {
      const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(proof) ?? []
      const written = [`'${name}'`, `"${name}"`, `\`${name}\``]
      expect(written.some((text) => testsOf(file).includes(text))).toBe(true)
    },
  )
})
