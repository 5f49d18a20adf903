// Every command of the simulated shell, by name.
import type { Command } from '../session.ts'
import { cat, df, du, find, ls, rm, truncate } from './disk.ts'
import { dnf, patchTool } from './patch.ts'
import { free, journalctl, ps, shutdown, sleep, test, uptime } from './system.ts'
import { systemctl } from './systemctl.ts'
import { echo, grep, head, tail, wc } from './text.ts'

const say =
  (line: (call: Parameters<Command>[0]) => string): Command =>
  (call) => {
    call.stdout(`${line(call)}\n`)
    return 0
  }

export const commands: Record<string, Command> = {
  systemctl,
  df,
  du,
  ls,
  find,
  rm,
  cat,
  truncate,
  uptime,
  ps,
  free,
  journalctl,
  shutdown,
  sleep,
  test,
  '[': test,
  'patch-tool': patchTool,
  dnf,
  yum: dnf,
  'apt-get': dnf,
  echo,
  grep,
  egrep: grep,
  head,
  tail,
  wc,
  true: () => 0,
  ':': () => 0,
  false: () => 1,
  export: (call) => {
    for (const [name, value] of call.args.map((arg) => arg.split('='))) {
      if (name && value !== undefined) call.variables[name] = value
    }
    return 0
  },
  logger: () => 0,
  sync: () => 0,
  hostname: say((call) => call.host.id),
  whoami: say((call) => call.user),
  id: say((call) => `uid=1001(${call.user}) gid=1001(${call.user}) groups=1001(${call.user}),10(wheel)`),
  date: say(() => new Date().toUTCString()),
  uname: say((call) => `Linux ${call.host.id} 5.14.0-427.el9.x86_64 x86_64 GNU/Linux`),
  nproc: say((call) => String(call.host.cpus)),
}
