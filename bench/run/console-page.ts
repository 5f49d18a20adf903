// The console in a headless browser, signed in, and what can be read off it.
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchBrowser, visit } from '../../tests/e2e/browser.ts'
import type { BenchServer } from './server.ts'

export interface ConsolePage {
  page: Page
  browser: Browser
  close(): Promise<void>
}

export async function openConsole({ url }: Pick<BenchServer, 'url'>): Promise<ConsolePage> {
  const browser = await launchBrowser()
  const { page } = await visit(browser, url)
  await page.addInitScript(noteFirstCard)
  await page.goto('/')
  await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ username: 'admin', password: 'of-the-bench-only' })
    await fetch('/api/v1/session', { method: 'POST', headers, body })
  })
  return { page, browser, close: () => browser.close() }
}

/** Runs in the page: when the first card of a graph has been painted, in ms since the navigation. */
function noteFirstCard(): void {
  const watch = new MutationObserver(() => {
    if (!document.querySelector('.f-card[data-status]')) return
    watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => Object.assign(window, { drawnAt: performance.now() })))
  })
  watch.observe(document, { childList: true, subtree: true })
}

/** Seconds from the navigation to the graph. */
export async function openExecution({ page }: ConsolePage, id: string): Promise<number> {
  await page.goto('about:blank')
  await page.goto(`/executions/${id}`)
  const drawn = await page.waitForFunction(() => 'drawnAt' in window && window.drawnAt)
  return Number(await drawn.jsonValue()) / 1000
}

export interface Pan {
  /** Frames per second that the page drew while it was dragged. */
  fps: number
  /** The longest time between two of them, in ms. */
  longest: number
}

/** Drags the ground of the graph to and fro. `place`: of which graph, where there are several. */
export async function pan({ page }: ConsolePage, seconds: number, place = 'body'): Promise<Pan> {
  const graph = page.locator(place)
  const ground = await graph.locator('.react-flow__pane').boundingBox()
  if (!ground) throw new Error('There is no graph to drag')
  const at = { x: ground.x + 12, y: ground.y + ground.height / 2 }
  const whereIs = () => graph.locator('.react-flow__viewport').getAttribute('style')
  const before = await whereIs()
  // The rail lies unfolded over the ground as long as the mouse rests on it.
  await page.mouse.move(ground.x + ground.width / 2, at.y)
  const isGround = ({ x, y }: typeof at) => document.elementFromPoint(x, y)?.matches('.react-flow__pane')
  await page.waitForFunction(isGround, at)
  await page.mouse.move(at.x, at.y)
  await page.mouse.down()
  const drawn = await framesDuring(page, seconds, (step) => {
    const turn = Math.sin(step / 20)
    return page.mouse.move(at.x + 200 * (1 - Math.cos(step / 30)), at.y + 220 * turn)
  })
  if ((await whereIs()) === before) throw new Error('The graph was not moved')
  // What stood in sight stands there again.
  await page.mouse.move(at.x, at.y)
  await page.mouse.up()
  return drawn
}

/** Turns the wheel over a place, down and up again. */
export async function scroll({ page }: ConsolePage, place: string, seconds: number): Promise<Pan> {
  const area = page.locator(place)
  const ground = await area.boundingBox()
  if (!ground) throw new Error(`There is no ${place} to scroll`)
  await page.mouse.move(ground.x + ground.width / 2, ground.y + ground.height / 2)
  await page.mouse.wheel(0, 60)
  const box = await area.elementHandle()
  await page.waitForFunction((one) => (one?.scrollTop ?? 0) > 0, box)
  return framesDuring(page, seconds, (step) => page.mouse.wheel(0, step % 120 < 60 ? 60 : -60))
}

async function framesDuring(
  page: Page,
  seconds: number,
  move: (step: number) => Promise<void>,
): Promise<Pan> {
  await page.evaluate(countFrames)
  const until = performance.now() + seconds * 1000
  for (let step = 0; performance.now() < until; step++) await move(step)
  const times = (await page.evaluate(() => Object(window).frames_drawn as number[])) ?? []
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const lasted = (times.at(-1) ?? 0) - (times[0] ?? 0)
  return { fps: (gaps.length / lasted) * 1000, longest: Math.max(...gaps) }
}

/** Runs in the page. */
function countFrames(): void {
  const times: number[] = []
  Object.assign(window, { frames_drawn: times })
  const note = (time: number) => {
    times.push(time)
    requestAnimationFrame(note)
  }
  requestAnimationFrame(note)
}

export interface Busy {
  /** Percent of the time that the main thread worked. */
  percent: number
  seconds: number
}

/** Of the page's main thread, until `end`. */
export async function busyUntil({ page }: ConsolePage, end: Promise<unknown>): Promise<Busy> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const before = await taskSeconds(session)
  const started = performance.now()
  await end
  const seconds = (performance.now() - started) / 1000
  const worked = (await taskSeconds(session)) - before
  await session.detach()
  return { percent: (worked / seconds) * 100, seconds }
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}
