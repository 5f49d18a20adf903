// Choosing what to run, and the preview before it, in a real browser on the real server with the demo world.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, picture, takesPictures } from './pictures.ts'
import { ask } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(() => stage?.close())

const card = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`· ${title},`) })
const records = (page: Page) => page.getByRole('region', { name: /^Records of/ })
const record = (page: Page, name: string) => records(page).getByRole('button', { name: new RegExp(name) })
const side = (page: Page) => page.locator('.f-preview-side')
const linked = async (page: Page, selector: string): Promise<string[]> => {
  const found = page.locator(`${selector}[data-linked]`)
  return (await found.allInnerTexts()).map((text) => text.split('\n')[0] ?? '').sort()
}
const poll = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 20_000 })

async function pickTarget(page: Page, target: string): Promise<void> {
  await page.getByRole('combobox').fill(target)
  await page.locator('.ant-select-item-option', { hasText: target }).first().click()
}

/** Where the view of a graph is, once it rests. */
async function viewOf(page: Page, label: RegExp): Promise<string> {
  const viewport = page.getByRole('region', { name: label }).locator('.react-flow__viewport')
  let before = ''
  await poll(async () => {
    const now = (await viewport.getAttribute('style')) ?? ''
    const rests = now === before
    before = now
    return rests
  }).toBe(true)
  return before
}

describe('the run page', () => {
  it('has a card per role, stars, versions, and filters that stay in the address', async () => {
    const { page } = stage
    await page.goto('/run')
    const mine = page.getByRole('region', { name: 'As Administrator' })
    await mine.getByRole('link', { name: 'Restart a service' }).waitFor()
    await poll(() => mine.getByRole('row', { name: /Restart a service/ }).textContent()).toContain(
      "record.status == 'running'",
    )
    await mine.getByRole('button', { name: 'Favourite: Restart a service' }).click()
    await mine.getByRole('button', { name: 'Favourite: Restart a service', pressed: true }).waitFor()
    await picture(page, 'run')

    await page.getByRole('button', { name: 'Favourites', exact: true }).click()
    await page.waitForURL(/favourite=yes/)
    await poll(() => mine.getByRole('link').count()).toBe(1)
    await mine.getByRole('link', { name: 'Restart a service' }).click()
    await page.getByRole('heading', { name: 'Restart a service' }).waitFor()
    await page.goBack()
    await page.waitForURL(/favourite=yes/)
    await poll(() => mine.getByRole('link').count()).toBe(1)

    await page.goto('/run?q=nothing-like-it')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await mine.getByRole('button', { name: 'v2, choose another version' }).click()
    await page.getByRole('menuitem', { name: /v1/ }).click()
    await page.waitForURL(/nightly-report\?version=1/)
    await page.getByRole('heading', { name: 'Nightly report' }).waitFor()
    await page.getByRole('button', { name: 'v1, choose another version' }).waitFor()
  })

  it('opens sub-workflows to be looked at only', async () => {
    const { page } = stage
    await page.goto('/run?kind=sub')
    await page.getByRole('link', { name: 'Check a host' }).click()
    await page.getByText('A sub-workflow is started by other workflows').waitFor()
    await pickTarget(page, 'pay-03')
    await record(page, 'pay-03').waitFor()
    expect(await page.getByRole('button', { name: 'Run', exact: true }).count()).toBe(0)
  })
})

describe('the preview', () => {
  it('links both graphs, both ways', async () => {
    const { page } = stage
    await page.goto('/run/restart-service')
    await card(page, 'Restart the service').waitFor()
    await page.getByLabel('Target (App instance)').waitFor()
    await pickTarget(page, 'pay-api-1')
    await record(page, 'pay-api-1 App instance, target').waitFor()
    // Records in between are there, bound by nobody.
    expect(await record(page, 'pay-api Unit').textContent()).not.toContain('bound by')
    await poll(() => record(page, 'pay-03').textContent()).toContain('bound by 1 Silence the alarms, 3 Take')
    await picture(page, 'preview')

    await card(page, 'Restart the service').hover()
    await poll(async () => (await linked(page, '.f-rec')).length).toBe(3)
    await page.mouse.move(5, 5)
    await record(page, 'pay-03').click()
    await poll(async () => (await linked(page, '.f-card')).length).toBe(5)
    await page.getByRole('heading', { name: 'pay-03' }).waitFor()
    await picture(page, 'preview-record')
  })

  it('unchecks and checks again, in every place the same, and undoes it', async () => {
    const { page } = stage
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    const restart = () => side(page).getByRole('checkbox', { name: '4 · Restart the service' })
    await record(page, 'pay-03').click()
    await restart().uncheck()
    await poll(() => record(page, 'pay-03').textContent()).not.toContain('4 Restart the service')
    await card(page, 'Restart the service').click()
    await poll(() => side(page).getByRole('checkbox', { name: 'pay-03' }).isChecked()).toBe(false)
    await poll(() => card(page, 'Restart the service').textContent()).toContain('2 records')
    await page.keyboard.press('Control+z')
    await poll(() => side(page).getByRole('checkbox', { name: 'pay-03' }).isChecked()).toBe(true)

    await page.getByRole('button', { name: 'Nodes and their records' }).click()
    const restarted = page.getByRole('region', { name: '4 · Restart the service' })
    await restarted.getByRole('checkbox', { name: /of 3 chosen/ }).uncheck()
    await picture(page, 'preview-nodes')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('button', { name: 'Records and their nodes' }).click()
    const row = page.getByRole('row', { name: /pay-03/ })
    await poll(() => row.textContent()).not.toContain('4 · Restart the service')
    expect(await row.textContent()).toContain('3 · Take out of the load balancer')
    await page.keyboard.press('Escape')
  })

  it('names the nodes with nothing bound before it runs, keeps what is unchecked out of the run', async () => {
    const { page } = stage
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    await card(page, 'Restart the service').click()
    await side(page)
      .getByRole('checkbox', { name: /of 3 chosen/ })
      .uncheck()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Run anyway?' })
    await dialog.getByText('4 · Restart the service').waitFor()
    await picture(page, 'preview-nothing-bound')
    await dialog.getByRole('button', { name: 'Run it' }).click()
    await page.waitForURL(/\/executions\/\d+/)
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const answer = await page.request.get(`/api/v1/executions/${id}/bindings`)
    const { items } = (await answer.json()) as { items: { run: string; records: unknown[] }[] }
    expect(items.find(({ run }) => run === 'restart')?.records).toEqual([])
    expect(items.find(({ run }) => run === 'drain')?.records).toHaveLength(3)
  })

  it('begins as a former execution when that is run again: its inputs, and the same records left out', async () => {
    const { page } = stage
    const left = await ask<{ id: string }>(page, 'POST /api/v1/executions', {
      workflow: 'restart-service',
      target: { collection: 'app_instance', id: 'pay-api-1' },
      inputs: { reason: 'Two of three' },
      bindings: { restart: ['pay-01', 'pay-02'] },
    })
    await ask(page, `POST /api/v1/executions/${left.id}/terminate`, { reason: 'Once more' })
    await page.goto(`/executions/${left.id}`)
    await page.getByRole('link', { name: 'Run again…' }).click()
    const told = side(page)
      .getByRole('alert')
      .filter({ hasText: `execution #${left.id}` })
    await told.getByText('4 · Restart the service: pay-03').waitFor()
    await poll(() => page.getByLabel('Reason').inputValue()).toBe('Two of three')
    await poll(() => card(page, 'Restart the service').textContent()).toContain('2 records')
    await picture(page, 'preview-again')
    await told.getByRole('button', { name: 'Check all' }).click()
    await poll(() => card(page, 'Restart the service').textContent()).toContain('3 records')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await poll(() => card(page, 'Restart the service').textContent()).toContain('2 records')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForURL(/\/executions\/\d+/)
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const { items } = await ask<{ items: { run: string; records: { id: string }[] }[] }>(
      page,
      `GET /api/v1/executions/${id}/bindings`,
    )
    const restarted = items.find(({ run }) => run === 'restart')?.records.map((one) => one.id)
    expect(restarted?.sort()).toEqual(['pay-01', 'pay-02'])
  })

  it('keeps zoom and selection when another target is chosen', async () => {
    const { page } = stage
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    await card(page, 'Restart the service').click()
    const first = await viewOf(page, /^Graph of/)
    await page.getByRole('button', { name: 'Zoom in' }).first().click()
    await poll(() => viewOf(page, /^Graph of/)).not.toBe(first)
    const zoomed = await viewOf(page, /^Graph of/)
    await pickTarget(page, 'crm-web-2')
    await record(page, 'crm-web-2').waitFor()
    expect(await viewOf(page, /^Graph of/)).toBe(zoomed)
    expect(await card(page, 'Restart the service').getAttribute('aria-pressed')).toBe('true')
  })
})

describe('a thousand records', () => {
  it('stand in one box per collection, opened and searched', async () => {
    const { page } = stage
    const body = { workflow: 'restart-service', target: { collection: 'app_instance', id: 'pay-api-1' } }
    const json = withHosts(await ask<Answer>(page, 'POST /api/v1/previews', body), 993)
    await page.route('**/api/v1/previews', (route) => route.fulfill({ json }))
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    const hosts = records(page).getByRole('button', { name: /^Host, 996 records/ })
    await hosts.click()
    await records(page).getByRole('textbox', { name: 'Search these records' }).fill('extra-77')
    await picture(page, 'preview-large')
    // By keyboard: the box may still be on its way into sight, and a click would hit the row beside.
    await records(page)
      .getByRole('button', { name: /^extra-777/ })
      .press('Enter')
    await page.getByRole('heading', { name: 'extra-777' }).waitFor()
    expect(await page.locator('.react-flow__node').count()).toBeLessThan(30)
    await page.unroute('**/api/v1/previews')
    expect(stage.complaints).toEqual([])
  })
})

interface Answer {
  bindings: { node: string; records: object[] }[]
  graph: { root: string; nodes: object[]; edges: object[] }
}

/** So many hosts more, which one node works on. */
function withHosts({ bindings, graph, ...answer }: Answer, count: number): Answer {
  const extra = Array.from({ length: count }, (_, index) => ({
    id: `extra-${index}`,
    label: `extra-${index}`,
  }))
  const nodes = extra.map((one) => ({
    ...one,
    key: `host:${one.id}`,
    collection: 'host',
    boundBy: ['drain'],
  }))
  const edges = nodes.map(({ key }) => ({ from: graph.root, to: key, relation: 'host' }))
  return {
    ...answer,
    bindings: bindings.map((one) =>
      one.node === 'drain' ? { ...one, records: [...one.records, ...extra] } : one,
    ),
    graph: { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] },
  }
}

describe('in other languages and in the dark', () => {
  it('is taken for the guide', async () => {
    if (!takesPictures) return
    const { page } = stage
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    await record(page, 'pay-03').waitFor()
    await choose(page, 'Language', '简体中文')
    await page.getByText('节点-数据列表').waitFor()
    await picture(page, 'preview-zh')
    await choose(page, '语言', 'Русский')
    await page.getByText('Узлы и записи').waitFor()
    await picture(page, 'preview-ru')
    await page.goto('/run')
    await page.getByRole('link', { name: 'Restart a service' }).waitFor()
    await picture(page, 'run-ru')
    await choose(page, 'Язык', 'English')
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.goto('/run/restart-service?target=app_instance:pay-api-1')
    await record(page, 'pay-03').click()
    await picture(page, 'preview-dark')
  })
})
