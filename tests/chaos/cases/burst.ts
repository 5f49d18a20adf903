// L4: starts come at a constant rate, whether they are answered or not, then all at once: what is acknowledged is done
// once, the rest is refused, and others are served meanwhile.
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, runServer, type ServerStage } from '../harness/run-server.ts'
import type { ChaosCase } from './chaos-case.ts'

const perSecond = 300
const burst = 2000
const largeEvery = 10
const largeText = 'x'.repeat(64 * 1024)

/** A unit is one start at the constant rate; the burst comes on top. */
export const startBurst: ChaosCase = {
  id: 'L4',
  title: 'starts over HTTP at a rate, and all at once',
  units: { T0: 0, T1: 18_000, T2: 36_000 },
  perChunk: { one: 18_000, three: 18_000 },
  async run(ground, { seed, units }) {
    const outcome = await runServer(ground, seed, (stage) => fire(stage, units))
    return { ...outcome, faults: outcome.executions }
  },
}

async function fire(stage: ServerStage, units: number): Promise<string[]> {
  const steady = await atRate(stage, units)
  await stage.settle()
  const looks = watchHealth(stage)
  const together = await Promise.all(Array.from({ length: burst }, (_, n) => stage.start(`burst-${n}`)))
  const health = await looks.stop()
  tell('at the constant rate', steady)
  tell('in the burst', together)
  process.stdout.write(`  /healthz in the burst: p99 ${percentile(health)} ms of ${health.length}\n`)
  return [...judgeAnswers(steady), ...judgeAnswers(together)]
}

async function atRate({ start }: ServerStage, units: number): Promise<Answer[]> {
  const begun = performance.now()
  const answers: Promise<Answer>[] = []
  while (answers.length < units) {
    const due = Math.min(units, Math.floor(((performance.now() - begun) / 1000) * perSecond))
    for (let n = answers.length; n < due; n++) {
      answers.push(start(`rate-${n}`, n % largeEvery === 0 ? largeText : ''))
    }
    await pause(5)
  }
  return Promise.all(answers)
}

function watchHealth({ server }: ServerStage): { stop(): Promise<number[]> } {
  const took: number[] = []
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      const begun = performance.now()
      const response = await fetch(`${server.url}/healthz`)
      await response.arrayBuffer()
      took.push(performance.now() - begun)
      await pause(10)
    }
  })()
  return {
    async stop() {
      isOver = true
      await looking
      return took
    },
  }
}

const percentile = (took: readonly number[]): number =>
  Math.round(took.toSorted((one, other) => one - other)[Math.floor(took.length * 0.99)] ?? 0)

function tell(when: string, answers: readonly Answer[]): void {
  const accepted = answers.filter(({ status }) => status === 201).map(({ ms }) => ms)
  process.stdout.write(
    `  ${when}: ${accepted.length} of ${answers.length} taken, p99 ${percentile(accepted)} ms\n`,
  )
}

/** Refused is only what cannot be taken at the moment. */
function judgeAnswers(answers: readonly Answer[]): string[] {
  const others = answers.filter(({ status }) => ![201, 429, 503].includes(status))
  const taken = answers.filter(({ status }) => status === 201).length
  return [
    ...new Set(others.map(({ status }) => `a start was answered ${status}`)),
    ...(taken < answers.length / 2 ? [`only ${taken} of ${answers.length} starts were taken`] : []),
  ]
}
