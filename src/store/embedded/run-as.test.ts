import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isReachable, unprivilegedUser } from './run-as.ts'

describe('unprivilegedUser', () => {
  it('prefers nobody', () => {
    const text = 'root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\n'
    expect(unprivilegedUser(text)).toEqual({ uid: 65534, gid: 65533 })
  })

  it('reads the negative ids of macOS as the system does', () => {
    expect(unprivilegedUser('# comment: one\nnobody:*:-2:-2::/:/bin/false')).toEqual({
      uid: 4294967294,
      gid: 4294967294,
    })
  })

  it('takes another user where there is no nobody, and never root or its group', () => {
    const text = 'root:x:0:0::/:/bin/sh\noperator:x:11:0::/:/bin/sh\ndaemon:x:1:1::/:/bin/false'
    expect(unprivilegedUser(text)).toEqual({ uid: 1, gid: 1 })
    expect(unprivilegedUser('root:x:0:0::/:/bin/sh')).toEqual({ uid: 65534, gid: 65534 })
  })
})

describe('isReachable', () => {
  let base: string
  const stranger = { uid: 4242, gid: 4242 }

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'fermata-reach-'))
    await chmod(base, 0o755)
    await mkdir(join(base, 'open'), { mode: 0o755 })
    await writeFile(join(base, 'open', 'program'), '', { mode: 0o755 })
  })
  afterEach(() => rm(base, { recursive: true }))

  it('asks every folder on the way', async () => {
    const program = join(base, 'open', 'program')
    expect(isReachable(program, stranger)).toBe(true)
    await chmod(join(base, 'open'), 0o700)
    expect(isReachable(program, stranger)).toBe(false)
    expect(isReachable(program, undefined)).toBe(true)
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    expect(isReachable(join(base, 'open'), owner, 0o1)).toBe(true)
  })

  it('looks behind symbolic links', async () => {
    await mkdir(join(base, 'closed'), { mode: 0o700 })
    await writeFile(join(base, 'closed', 'program'), '', { mode: 0o755 })
    await symlink(join(base, 'closed', 'program'), join(base, 'open', 'link'))
    expect(isReachable(join(base, 'open', 'link'), stranger)).toBe(false)
  })

  it('is false for what is not there', () => {
    expect(isReachable(join(base, 'nothing'), stranger)).toBe(false)
  })
})
