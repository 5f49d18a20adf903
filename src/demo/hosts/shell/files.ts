// The few files of a simulated host: found by path, folder or pattern.
import type { SimulatedHost } from '../world.ts'

function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`)
}

export function clean(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '').replace(/\/+/g, '/') : path
}

/** Paths that match a pattern such as `/var/log/*.log.?`, sorted. */
export function matchFiles(host: SimulatedHost, glob: string): string[] {
  const pattern = patternOf(clean(glob))
  const folders = glob.endsWith('*') ? [] : allFolders(host)
  return [...Object.keys(host.files), ...folders].filter((path) => pattern.test(path)).sort()
}

export function matchesName(path: string, glob: string): boolean {
  return patternOf(glob).test(path.slice(path.lastIndexOf('/') + 1))
}

/** Paths of all files below a folder, sorted. */
export function filesBelow(host: SimulatedHost, folder: string): string[] {
  const start = folder === '/' ? '/' : `${clean(folder)}/`
  return Object.keys(host.files)
    .filter((path) => path.startsWith(start))
    .sort()
}

export function isFolder(host: SimulatedHost, path: string): boolean {
  return path === '/' || filesBelow(host, path).length > 0
}

function allFolders(host: SimulatedHost): string[] {
  const folders = new Set<string>()
  for (const path of Object.keys(host.files)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at))
  }
  return [...folders]
}

/** `1.2G`, `340M`, `4.0K`: as `df -h` and `ls -h` print sizes given in MiB. */
export function humanSize(mb: number): string {
  if (mb >= 1024 * 10) return `${Math.round(mb / 1024)}G`
  if (mb >= 1024) return `${(mb / 1024).toFixed(1)}G`
  return mb > 0 ? `${Math.round(mb)}M` : '4.0K'
}
