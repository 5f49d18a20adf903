// `act … confirm`: shows what is risky and asks, or takes what somebody says to have seen.
import { confirmRisks } from '../api/contract/executions.ts'
import type { NodeRun } from '../api/contract/node-runs.ts'
import type { Client } from '../client/client.ts'
import { groupRisks, riskyRuns, seenOf } from '../client/risky-runs.ts'
import { AppError } from '../core/errors.ts'
import { ask } from './ask.ts'
import { askWhy } from './ask-why.ts'
import { type Io, isInteractive, note, paint, print } from './io.ts'
import { readSeen, type Seen, seenName } from './seen-name.ts'
import { riskTexts } from './watch/format-tree.ts'
import { quote } from './watch/offers.ts'
import { readRuns } from './watch/read-picture.ts'

interface Wanted {
  id: string
  /** As `seenName` makes them; without any the person is asked. */
  names: readonly string[]
  reason: string | undefined
}

export async function confirmSeen(io: Io, client: Client, { id, names, reason }: Wanted) {
  const runs = names.length > 0 ? names.map(readSeen) : await askFor(io, client, id)
  const body = { reason: await askWhy(io, 'confirm', reason), runs }
  const answer = await client.call(confirmRisks, { params: { id }, body })
  for (const run of answer.refused)
    note(io, `Not confirmed: ${run} is not risky any more, or runs something else.`)
  return answer
}

async function askFor(io: Io, client: Client, id: string): Promise<Seen[]> {
  const risky = riskyRuns(await readRuns(client, id))
  if (risky.length === 0)
    throw new AppError('illegal-act', `Nothing of execution ${id} waits for a confirmation.`)
  for (const line of riskLines(io, risky)) print(io, line)
  const seen = seenOf(risky)
  if (!isInteractive(io)) {
    const names = seen.map((run) => quote(seenName(run))).join(' ')
    throw new AppError(
      'bad-request',
      `Name those you have seen: npm run fermata -- act ${id} confirm ${names} --reason '…'`,
    )
  }
  if (await isAgreed(io, risky.length)) return seen
  throw new AppError('bad-request', 'Nothing was confirmed.')
}

/** What was found in many is told once, with their names below it. */
function riskLines({ stdout }: Io, runs: readonly NodeRun[]): string[] {
  return groupRisks(runs).flatMap(({ runs: members }) => [
    ...members
      .slice(0, 1)
      .flatMap((run) => riskTexts(run).map((text) => paint(stdout, 'yellow', `⚠ ${text}`))),
    ...seenOf(members).map((run) => `    ${seenName(run)}`),
  ])
}

async function isAgreed(io: Io, count: number): Promise<boolean> {
  const what = count === 1 ? 'this node run although it is' : `these ${count} node runs although they are`
  return /^y(es)?$/i.test(await ask(io, `Run ${what} risky? [y/N] `))
}
