// What an operator does to an execution and its nodes: skip, terminate, confirm a risk. Each with its reason, which
// stands in the log; what is not legal is not offered.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeRun } from '../../src/api/contract/node-runs.ts'
import { ask, firstOf, holdOne } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let page: Page
let target: string

beforeAll(async () => {
  stage = await openStage()
  page = stage.page
  target = await firstOf(page, '/api/v1/workflows/restart-service/targets?q=pay-api-1')
})

afterAll(() => stage?.close())

const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const header = () => page.locator('.f-head')
const offered = (name: string) => page.getByRole('button', { name, exact: true }).count()

async function decide(verb: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function readLog(reason: string, what: string): Promise<void> {
  await page.getByRole('tab', { name: 'Log', exact: true }).first().click()
  const entry = page.getByRole('list', { name: 'Log' }).getByRole('listitem').filter({ hasText: reason })
  await entry.getByText('admin').waitFor()
  await entry.getByText(what).waitFor()
}

describe('an operator', () => {
  it('terminates what should not go on, for good', async () => {
    const id = await holdOne(page, target)
    await page.goto(`/executions/${id}`)
    await header().getByRole('button', { name: 'Terminate' }).click()
    await page.getByRole('dialog').getByText('It ends now, for good.', { exact: false }).waitFor()
    await decide('Terminate', 'The wrong service')
    await header().getByText('Canceled', { exact: true }).waitFor()
    for (const act of ['Pause', 'Resume', 'Terminate', 'Skip', 'Complete by hand'])
      await expect.poll(() => offered(act), { timeout: 20_000 }).toBe(0)
    await readLog('The wrong service', 'terminated it')
  })

  it('skips what failed, and the execution goes on without it', async () => {
    const id = await holdOne(page, target)
    await page.goto(`/executions/${id}?run=restart%5Bpay-03%5D`)
    await inspector().getByRole('button', { name: 'Skip', exact: true }).click()
    await decide('Skip', 'The host is replaced tomorrow')
    await inspector().getByText('Skipped by admin').waitFor()
    await inspector().getByText('“The host is replaced tomorrow”').waitFor()
    for (const act of ['Skip', 'Retry', 'Complete by hand'])
      expect(await inspector().getByRole('button', { name: act, exact: true }).count()).toBe(0)
    await readLog('The host is replaced tomorrow', 'skipped')
  })

  it('runs in spite of a risk only after confirming it', async () => {
    const body = { workflow: 'onboarding-approval', inputs: {} }
    const { id } = await ask<{ id: string }>(page, 'POST /api/v1/executions', body)
    await firstOf(page, `/api/v1/tasks?execution=${id}`)
    // No node type finds risks yet; the engine knows them. So the server's answer is made to speak of one.
    let confirmed: unknown
    await page.route(new RegExp(`/executions/${id}/node-runs([?].*)?$`), async (route) => {
      const response = await route.fetch()
      const { items, ...rest } = (await response.json()) as { items: NodeRun[] }
      const risky = items.map((run) =>
        run.status === 'waiting' ? asRisky(run, confirmed !== undefined) : run,
      )
      await route.fulfill({ response, json: { items: risky, ...rest } })
    })
    await page.route(`**/executions/${id}/node-runs/*/confirm`, async (route) => {
      confirmed = route.request().postDataJSON()
      await route.fulfill({ response: await page.request.get(`/api/v1/executions/${id}`) })
    })
    await page.goto(`/executions/${id}`)
    await inspector().getByText('Risky').first().waitFor()
    for (const act of ['Retry', 'Skip', 'Complete by hand']) expect(await offered(act)).toBe(0)
    await inspector().getByRole('button', { name: 'Confirm and run' }).click()
    await page.getByRole('dialog').getByText('recorded with your name', { exact: false }).waitFor()
    await decide('Confirm and run', 'Checked on the spare')
    expect(confirmed).toMatchObject({ reason: 'Checked on the spare' })
    await page.goto(page.url())
    await page.locator('.f-card[data-status=running]').first().click()
    await inspector().getByText('Risk confirmed by admin').waitFor()
    await inspector().getByText('“Checked on the spare”').waitFor()
    expect(await offered('Confirm and run')).toBe(0)
    expect(stage.complaints).toEqual([])
  })
})

function asRisky({ wait: _wait, ...run }: NodeRun, isConfirmed: boolean): NodeRun {
  const manual = { act: 'confirmed', by: 'admin', reason: 'Checked on the spare' } as const
  return isConfirmed
    ? { ...run, status: 'running', manual, acts: [] }
    : { ...run, status: 'risky', acts: ['confirm'] }
}
