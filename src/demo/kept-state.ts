// What the demo world keeps in the database between starts: how far it is, and its hosts (sealed: they have keys).
import type { Vault } from '../access/vault/vault.ts'
import type { Db } from '../store/db.ts'
import { readSetting, removeSetting, writeSetting } from '../store/settings.ts'
import type { DemoHostsState } from './hosts/start-demo-hosts.ts'

export interface Keeper {
  db: Db
  vault: Vault
}

/** `made`: records and workflows are there, the past is not complete; `removed`: somebody did not want it. */
export type DemoPhase = 'made' | 'seeded' | 'removed'

const phaseKey = 'demo.phase'
const hostsKey = 'demo.hosts'

export async function readPhase(db: Db): Promise<DemoPhase | undefined> {
  const phase = await readSetting(db, phaseKey)
  return phase === 'made' || phase === 'seeded' || phase === 'removed' ? phase : undefined
}

export async function writePhase(db: Db, phase: DemoPhase): Promise<void> {
  await writeSetting(db, phaseKey, phase)
}

export async function readHosts({ db, vault }: Keeper): Promise<DemoHostsState | undefined> {
  const sealed = await readSetting(db, hostsKey)
  if (typeof sealed !== 'string') return undefined
  return JSON.parse(vault.open(hostsKey, Buffer.from(sealed, 'base64')))
}

export async function writeHosts({ db, vault }: Keeper, state: DemoHostsState): Promise<void> {
  await writeSetting(db, hostsKey, vault.seal(hostsKey, JSON.stringify(state)).toString('base64'))
}

export async function forgetHosts(db: Db): Promise<void> {
  await removeSetting(db, hostsKey)
}
