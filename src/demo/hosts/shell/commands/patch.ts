// `dnf update` and `patch-tool`: what the canary patch workflow calls.
import { patchLock } from '../../make-world.ts'
import { isDiskFull, journal, latestPatchLevel } from '../../world.ts'
import { type Call, linger, readFlags } from '../session.ts'

const packages = ['openssl-libs', 'glibc', 'kernel-core', 'systemd']

function isLatest(call: Call): boolean {
  return call.host.patchLevel >= latestPatchLevel
}

/** Why patching cannot begin, if it cannot. */
function obstacle(call: Call): string | undefined {
  if (Object.hasOwn(call.host.files, patchLock)) {
    return `Error: Failed to obtain the transaction lock (${patchLock} is held by pid 24817, which is gone).`
  }
  if (isDiskFull(call.host)) return 'Error: At least 312MB more space needed on the / filesystem.'
  return undefined
}

async function install(call: Call): Promise<void> {
  for (const [index, name] of packages.entries()) {
    if (call.signal.aborted) return
    await linger(call, 150)
    call.stdout(`  Upgrading        : ${name.padEnd(40)} ${index + 1}/${packages.length}\n`)
  }
  call.host.patchLevel = latestPatchLevel
  journal(call.host, `patch-tool: now at level ${latestPatchLevel}`)
  call.stdout('Complete!\n')
}

async function apply(call: Call): Promise<number> {
  const problem = obstacle(call)
  if (problem) {
    call.stderr(`${problem}\n`)
    return 1
  }
  if (isLatest(call)) call.stdout('Nothing to do.\n')
  else await install(call)
  return 0
}

export async function patchTool(call: Call): Promise<number> {
  const [verb = 'level'] = readFlags(call.args).operands
  if (verb === 'apply') return apply(call)
  if (verb === 'level') call.stdout(`${call.host.patchLevel}\n`)
  else if (verb === 'check') call.stdout(isLatest(call) ? 'up to date\n' : `${packages.join('\n')}\n`)
  else if (verb === 'rollback') {
    call.host.patchLevel = '2025.06'
    call.stdout('Rolled back to 2025.06.\n')
  } else {
    call.stderr(`patch-tool: unknown command '${verb}' (apply, check, level, rollback)\n`)
    return 2
  }
  return 0
}

export async function dnf(call: Call): Promise<number> {
  const [verb = ''] = readFlags(call.args).operands
  if (['update', 'upgrade', 'dist-upgrade'].includes(verb)) return apply(call)
  if (verb === 'clean') return 0
  if (verb === 'check-update' || verb === 'list') {
    if (isLatest(call)) return 0
    for (const name of packages) call.stdout(`${`${name}.x86_64`.padEnd(28)} ${latestPatchLevel}  baseos\n`)
    return verb === 'list' ? 0 : 100
  }
  call.stderr(`No such command: ${verb}.\n`)
  return 1
}
