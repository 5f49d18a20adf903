// What in a shell command can ruin a host, as far as its text tells: a second look, not a sandbox.
import { posix } from 'node:path'
import type { Risk, Text } from '../../sdk/node-type.ts'
import { readCommands, type ShellCommand } from './shell-commands.ts'

interface Rule {
  rule: string
  message: Text
  isMet(command: ShellCommand): boolean
}

const rules: readonly Rule[] = [
  {
    rule: 'remove-root',
    message: {
      en: 'removes the root directory or a whole directory in it',
      zh: '删除根目录或其下的整个目录',
      ru: 'удаляет корневой каталог или целый каталог в нём',
    },
    isMet: ({ name, args }) => name === 'rm' && isRecursive(args) && args.some(isRootPath),
  },
  {
    rule: 'own-root',
    message: {
      en: 'changes the rights or the owner of everything in the root directory or in a directory of it',
      zh: '更改根目录或其下目录中所有内容的权限或属主',
      ru: 'меняет права или владельца всего в корневом каталоге или в каталоге в нём',
    },
    isMet: ({ name, args }) =>
      ['chmod', 'chown', 'chgrp'].includes(name) && isRecursive(args) && args.some(isRootPath),
  },
  {
    rule: 'format-device',
    message: {
      en: 'formats a device: everything on it is lost',
      zh: '格式化设备：其上的数据将全部丢失',
      ru: 'форматирует устройство: всё на нём будет потеряно',
    },
    isMet: ({ name, args }) =>
      (/^(mkfs(\..+)?|mke2fs|mkswap)$/.test(name) && args.length > 0) ||
      (['wipefs', 'shred', 'blkdiscard'].includes(name) && args.some(isDevice)),
  },
  {
    rule: 'write-device',
    message: {
      en: 'writes to a device: what is on it is lost',
      zh: '直接写入设备：其上的数据将丢失',
      ru: 'пишет прямо на устройство: данные на нём будут потеряны',
    },
    isMet: ({ name, args, writes }) =>
      writes.some(isDevice) ||
      (name === 'dd' && args.some((arg) => arg.startsWith('of=') && isDevice(arg.slice(3)))) ||
      (name === 'tee' && args.some(isDevice)),
  },
  {
    rule: 'power-off',
    message: {
      en: 'shuts the host down or restarts it',
      zh: '关闭或重启主机',
      ru: 'выключает или перезагружает узел',
    },
    isMet: isPowerOff,
  },
  {
    rule: 'drop-database',
    message: {
      en: 'drops a whole database',
      zh: '删除整个数据库',
      ru: 'удаляет базу данных целиком',
    },
    isMet: ({ name, args }) =>
      (name === 'dropdb' && !args.includes('--help')) ||
      (['psql', 'mysql', 'mariadb'].includes(name) &&
        args.some((arg) => /\bdrop\s+(database|schema)\b/i.test(arg))),
  },
]

const forkBomb: Omit<Rule, 'isMet'> = {
  rule: 'fork-bomb',
  message: {
    en: 'starts itself over and over until the host stands still',
    zh: '不断自我复制进程，直至主机瘫痪',
    ru: 'запускает сам себя снова и снова, пока узел не встанет',
  },
}

/** In the order of the lines. */
export function findShellRisks(source: string): Risk[] {
  const found = readCommands(source).flatMap((command) =>
    rules
      .filter((rule) => rule.isMet(command))
      .map(({ rule, message }) => ({ rule, message, found: command.text, line: lineAt(source, command.at) })),
  )
  const bomb = /(?<![\w:.])([\w:.]{1,64})\s*\(\)\s*\{\s*\1\s*\|\s*\1\s*&\s*\}/.exec(source)
  if (!bomb) return found
  return [...found, { ...forkBomb, found: bomb[0], line: lineAt(source, bomb.index) }].sort(
    (a, b) => a.line - b.line,
  )
}

const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length

const isRecursive = (args: readonly string[]): boolean =>
  args.some((arg) => arg === '--recursive' || /^-[a-zA-Z]*[rR]/.test(arg))

/**
 * `/`, `/etc`, `/etc/*`, `~`; and what becomes one of them when a variable is empty: `$DIR/`, `"$DIR"/*`, though not
 * `${DIR:?}/`. Nobody misses `/tmp`.
 */
function isRootPath(arg: string): boolean {
  if (arg.startsWith('-')) return false
  const path = arg.replace(/^(\$\w+|\$\{\w+\})(?=\/)/, '').replace(/^~(?=\/|$)/, '/')
  if (!path.startsWith('/')) return false
  const bare = posix.normalize(path).replace(/\/\.?\*$/, '/')
  const parts = bare.split('/').filter((part) => part !== '')
  return parts.length === 0 || (parts.length === 1 && parts[0] !== 'tmp' && path === arg)
}

/** Not what has no content to lose: `/dev/null`, terminals, shared memory, sockets of bash. */
const isDevice = (arg: string): boolean =>
  /^\/dev\/(?!(null|zero|full|stdin|stdout|stderr|console|log)$|(tty|fd|pts|shm|tcp|udp)\b)\w/.test(arg)

function isPowerOff({ name, args }: ShellCommand): boolean {
  if (name === 'shutdown') return !args.some((arg) => arg === '-c' || arg === '--help')
  if (['reboot', 'halt', 'poweroff'].includes(name)) return !args.includes('--help')
  if (name === 'init' || name === 'telinit') return args[0] === '0' || args[0] === '6'
  return name === 'systemctl' && args.some((arg) => /^(reboot|poweroff|halt|kexec|soft-reboot)$/.test(arg))
}
