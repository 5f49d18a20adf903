// Everything `fermata doctor` looks at, each in words a person understands. Nothing is made or migrated.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lookForDemo } from '../../compose.ts'
import type { Config } from '../../config.ts'
import { findPackage } from '../../store/embedded/binaries.ts'
import { findHome } from '../../store/embedded/home.ts'
import { findHolder } from '../../store/embedded.ts'
import { inspectDatabase } from '../../store/inspect-database.ts'
import { type Database, openDatabase } from '../../store/open-database.ts'
import { failureOf } from '../report-error.ts'
import type { Finding } from './finding.ts'
import { inspectFolder, sizeText } from './inspect-folder.ts'
import { inspectPort } from './inspect-port.ts'
import { inspectPrograms } from './inspect-programs.ts'

export async function inspect(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const { databaseUrl, dataFolder } = config
  const home = await findHome(dataFolder).catch(() => dataFolder)
  const holder = databaseUrl ? undefined : await findHolder(dataFolder).catch(() => undefined)
  const hasData = databaseUrl !== undefined || existsSync(join(home, 'pg'))
  const holding = holder && {
    about: 'in use',
    level: 'good' as const,
    text: `by process ${holder.pid}, since ${holder.since}`,
    details: holder,
  }
  return [
    ...(await inspectPrograms(env)),
    ...(databaseUrl ? [] : [await inspectPostgres()]),
    await inspectPort(config, holder?.address),
    ...(await inspectFolder(config, hasData)),
    ...(holding ? [holding] : []),
    ...(hasData ? await inspectData(config) : [noData]),
  ]
}

const noData: Finding = { about: 'database', level: 'good', text: 'none yet: the first start makes it' }

async function inspectPostgres(): Promise<Finding> {
  try {
    const { version } = await findPackage()
    return { about: 'postgresql', level: 'good', text: `${version}, from npm` }
  } catch (error) {
    return { about: 'postgresql', level: 'bad', text: failureOf(error).detail }
  }
}

async function inspectData(config: Config): Promise<Finding[]> {
  const { databaseUrl, dataFolder } = config
  let database: Database | undefined
  try {
    database = await openDatabase({ databaseUrl, dataFolder, join: true, migrate: false, patienceMs: 5000 })
    return [...(await describeDatabase(database)), ...(await describeDemo(database, config))]
  } catch (error) {
    return [{ about: 'database', level: 'bad', text: failureOf(error).detail }]
  } finally {
    await database?.close()
  }
}

async function describeDatabase({ pool, embedded }: Database): Promise<Finding[]> {
  const report = await inspectDatabase(pool, embedded?.dataDir)
  const { version, sizeBytes, schema, connections, warnings } = report
  const uses = `${connections.used} of ${connections.most} connections`
  const text = `PostgreSQL ${version}, ${sizeText(sizeBytes)}, schema ${schema}, ${uses}, fsync ${report.fsync ? 'on' : 'off'}`
  return [
    { about: 'database', level: 'good', text, details: report },
    ...warnings.map((warning): Finding => ({ about: 'database', level: 'warning', text: warning })),
  ]
}

async function describeDemo(database: Database, config: Config): Promise<Finding[]> {
  const demo = await lookForDemo(database, config)
  if (!demo) return []
  const state = demo.answers ? `answer, ${demo.httpUrl}` : 'start with the server'
  return [{ about: 'demo hosts', level: 'good', text: `${demo.hosts} ${state}`, details: demo }]
}
