import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findPackage, type NativePackage, prepareBinaries } from './binaries.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
let base: string

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'fermata-binaries-'))
  await chmod(base, 0o755)
})
afterEach(() => rm(base, { recursive: true }))

// As npm leaves it where install scripts may not run: without symbolic links.
async function copyWithoutLinks(root: string): Promise<NativePackage> {
  const found = await findPackage()
  await cp(join(found.root, 'native'), join(root, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  })
  const libraries = join(root, 'native', 'lib')
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(libraries, entry.name))
  }
  return { ...found, root }
}

function version(bin: string, user: { uid?: number; gid?: number } = {}): string {
  return execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/', ...user })
}

describe('prepareBinaries', () => {
  it('uses the programs where npm put them', async () => {
    const found = await findPackage()
    const prepared = await prepareBinaries(undefined, join(base, 'copies'))
    expect(prepared).toEqual({ bin: join(found.root, 'native', 'bin'), version: found.version })
    expect(version(prepared.bin)).toContain('PostgreSQL) 18')
    expect(await readdir(base)).toEqual([])
  })

  it('makes the symbolic links that the install script could not', async () => {
    const found = await copyWithoutLinks(join(base, 'package'))
    const { bin } = await prepareBinaries(undefined, join(base, 'copies'), found)
    expect(bin).toBe(join(base, 'package', 'native', 'bin'))
    expect(version(bin)).toContain('PostgreSQL) 18')
  })

  it.runIf(isRoot)('copies them out of a folder that the other user cannot enter', async () => {
    await mkdir(join(base, 'closed'), { mode: 0o700 })
    const found = await copyWithoutLinks(join(base, 'closed', 'package'))
    const { bin } = await prepareBinaries(nobody, join(base, 'copies'), found)
    expect(bin.startsWith(join(base, 'copies', 'postgresql-18'))).toBe(true)
    expect(version(bin, nobody)).toContain('PostgreSQL) 18')
    expect(await prepareBinaries(nobody, join(base, 'copies'), found)).toMatchObject({ bin })
  })
})
