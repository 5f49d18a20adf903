// Commands about the disk and its files.
import { journal, usedMb, usedPercent } from '../../world.ts'
import { clean, filesBelow, humanSize, isFolder, matchesName } from '../files.ts'
import { type Call, linger, readFlags } from '../session.ts'

export function df(call: Call): number {
  const { flags } = readFlags(call.args)
  const used = usedMb(call.host)
  const percent = `${usedPercent(call.host)}%`
  if (flags.get('--output') === 'pcent') {
    call.stdout(`Use%\n${percent.padStart(4)}\n`)
    return 0
  }
  const size = flags.has('-h') ? humanSize : (mb: number) => String(mb * 1024)
  const head = flags.has('-h') ? 'Size' : '1K-blocks'
  const free = Math.max(0, call.host.diskMb - used)
  const columns = (first: string, rest: string[]) =>
    `${first.padEnd(14)} ${rest.map((text) => text.padStart(9)).join(' ')}`
  call.stdout(`${columns('Filesystem', [head, 'Used', 'Avail', 'Use%'])} Mounted on\n`)
  const values = [size(call.host.diskMb), size(used), size(free), percent]
  call.stdout(`${columns('/dev/vda1', values)} /\n`)
  return 0
}

function complain(call: Call, what: string, path: string): void {
  call.stderr(`${call.name}: ${what} '${path}': No such file or directory\n`)
}

function removeOne(call: Call, path: string, flags: Map<string, string>): number {
  const { host } = call
  const isForced = flags.has('-f')
  if (Object.hasOwn(host.files, path)) {
    const freed = host.files[path]?.sizeMb ?? 0
    delete host.files[path]
    if (freed > 0) journal(host, `${call.user}: removed ${path} (${humanSize(freed)})`)
    return 0
  }
  if (!isFolder(host, path)) {
    if (isForced) return 0
    complain(call, 'cannot remove', path)
    return 1
  }
  if (!flags.has('-r') && !flags.has('-R')) {
    call.stderr(`rm: cannot remove '${path}': Is a directory\n`)
    return 1
  }
  for (const file of filesBelow(host, path)) delete host.files[file]
  return 0
}

export async function rm(call: Call): Promise<number> {
  const { flags, operands } = readFlags(call.args)
  if (operands.length === 0 && !flags.has('-f')) {
    call.stderr('rm: missing operand\n')
    return 1
  }
  let code = 0
  for (const operand of operands) {
    const path = clean(operand)
    if (path === '/' || /^\/(etc|data)(\/|$)/.test(path)) {
      call.stderr(`rm: cannot remove '${path}': Operation not permitted\n`)
      code = 1
    } else code = Math.max(code, removeOne(call, path, flags))
  }
  await linger(call, 120)
  return code
}

export function cat(call: Call): number {
  const { operands } = readFlags(call.args)
  if (operands.length === 0) call.stdout(call.stdin)
  let code = 0
  for (const path of operands) {
    const file = Object.hasOwn(call.host.files, path) ? call.host.files[path] : undefined
    if (!file) {
      call.stderr(`cat: ${path}: No such file or directory\n`)
      code = 1
    } else call.stdout(file.text ?? call.host.journal.map((line) => `${line}\n`).join(''))
  }
  return code
}

export function ls(call: Call): number {
  const { flags, operands } = readFlags(call.args)
  let code = 0
  for (const operand of operands.length > 0 ? operands : ['/var/log']) {
    const path = clean(operand)
    const found = Object.hasOwn(call.host.files, path) ? [path] : filesBelow(call.host, path)
    if (found.length === 0) {
      complain(call, 'cannot access', operand)
      code = 2
    }
    for (const file of found) {
      const size = humanSize(call.host.files[file]?.sizeMb ?? 0).padStart(6)
      call.stdout(flags.has('-l') ? `-rw-r----- 1 root root ${size} ${file}\n` : `${file}\n`)
    }
  }
  return code
}

export function du(call: Call): number {
  const { operands } = readFlags(call.args)
  for (const operand of operands.length > 0 ? operands : ['/var/log']) {
    const found = Object.hasOwn(call.host.files, operand) ? [operand] : filesBelow(call.host, operand)
    const sum = found.reduce((total, file) => total + (call.host.files[file]?.sizeMb ?? 0), 0)
    call.stdout(`${humanSize(sum)}\t${operand}\n`)
  }
  return 0
}

export function find(call: Call): number {
  const folder = call.args[0]?.startsWith('/') ? call.args[0] : '/var/log'
  const at = call.args.indexOf('-name')
  const name = at < 0 ? '*' : (call.args[at + 1] ?? '*')
  const isDelete = call.args.includes('-delete')
  if (isDelete && !clean(folder).startsWith('/var')) {
    call.stderr(`find: cannot delete below '${folder}': Operation not permitted\n`)
    return 1
  }
  for (const file of filesBelow(call.host, folder)) {
    if (!matchesName(file, name)) continue
    if (isDelete) delete call.host.files[file]
    else call.stdout(`${file}\n`)
  }
  return 0
}

export function truncate(call: Call): number {
  for (const path of readFlags(call.args, ['-s']).operands) {
    if (Object.hasOwn(call.host.files, path)) call.host.files[path] = { sizeMb: 0 }
  }
  return 0
}
