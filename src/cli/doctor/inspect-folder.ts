// The data folder: may we write there, is there room, is the key where the data are.
import { constants, existsSync } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Finding } from './finding.ts'

const little = 1024 ** 3
const tooLittle = 200 * 1024 ** 2

export async function inspectFolder(config: Config, hasData: boolean): Promise<Finding[]> {
  const { dataFolder } = config
  const nearest = nearestFolder(dataFolder)
  const mayWrite = await access(nearest, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  const state = nearest === dataFolder ? '' : ' (not there yet: the first start makes it)'
  return [
    mayWrite
      ? { about: 'data folder', level: 'good', text: `${dataFolder}${state}` }
      : { about: 'data folder', level: 'bad', text: `${nearest} cannot be written by this user` },
    await inspectDisk(nearest),
    ...inspectKey(config, hasData),
  ]
}

async function inspectDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const level = free < tooLittle ? 'bad' : free < little ? 'warning' : 'good'
  const advice = level === 'good' ? '' : '; make room or shorten the retention'
  return { about: 'disk', level, text: `${sizeText(free)} free${advice}`, details: { freeBytes: free } }
}

function inspectKey({ dataFolder, secretKey }: Config, hasData: boolean): Finding[] {
  if (secretKey || !hasData || existsSync(join(dataFolder, 'secret.key'))) return []
  const text = `secret.key is missing in ${dataFolder}: bring it back, or set FERMATA_SECRET_KEY`
  return [{ about: 'secret key', level: 'bad', text }]
}

function nearestFolder(folder: string): string {
  let at = folder
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

export function sizeText(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`
}
