// What an operator does to an execution and its nodes: skip, terminate, confirm a risk. Each with its reason, which
// stands in the log; what is not legal is not offered. With UPDATE_PICTURES=1 it also takes a picture of the guide.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picture } from './pictures.ts'
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
const card = () => page.getByRole('button', { name: /· Write the label,/ })
const header = () => page.locator('.f-head')
const offered = (name: string) => page.getByRole('button', { name, exact: true }).count()

async function decide(verb: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** In another window: the dialog of an act that somebody else does first. */
async function openLateDialog(id: string) {
  const other = await page.context().newPage()
  await other.goto(`/executions/${id}`)
  await other.locator('.f-trouble').getByRole('button', { name: 'Skip', exact: true }).click()
  const dialog = other.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('I was slower')
  return dialog
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
    await header().getByText('“The wrong service”', { exact: false }).waitFor()
    await readLog('The wrong service', 'terminated it')
    // The same once more, with the inputs it had.
    await header().getByRole('link', { name: 'Run again…' }).click()
    await page.getByLabel('Reason').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('The API answers slowly')
    await page.locator('.f-target').getByText('pay-api-1').waitFor()
  })

  it('skips what failed, and the execution goes on without it', async () => {
    const id = await holdOne(page, target)
    await page.goto(`/executions/${id}?run=restart%5Bpay-03%5D`)
    const late = await openLateDialog(id)
    await inspector().getByRole('button', { name: 'Skip', exact: true }).click()
    await decide('Skip', 'The host is replaced tomorrow')
    await inspector().getByText('Skipped by admin').waitFor()
    await late.getByText('Meanwhile it has changed: Skipped', { exact: false }).waitFor()
    expect(await late.getByLabel('Reason').inputValue()).toBe('I was slower')
    expect(await late.getByRole('button', { name: 'Skip', exact: true }).isDisabled()).toBe(true)
    await late.page().close()
    await inspector().getByText('“The host is replaced tomorrow”').waitFor()
    for (const act of ['Skip', 'Retry', 'Complete by hand'])
      expect(await inspector().getByRole('button', { name: act, exact: true }).count()).toBe(0)
    await readLog('The host is replaced tomorrow', 'skipped')
  })

  it('runs in spite of a risk only after confirming it', async () => {
    const id = await startRisky()
    await page.goto(`/executions/${id}`)
    await inspector().getByText('Risky').first().waitFor()
    const found = inspector().getByRole('alert')
    await found.getByText('nothing of it has run').waitFor()
    await found.getByText('writes to a device').waitFor()
    await found.getByText('line 2').waitFor()
    await found.getByText('echo spare > /dev/sdb', { exact: true }).waitFor()
    for (const act of ['Retry', 'Complete by hand']) expect(await offered(act)).toBe(0)
    await picture(page, 'execution-risky')
    await inspector().getByRole('button', { name: 'Confirm and run' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('recorded with your name', { exact: false }).waitFor()
    await dialog.getByText('echo spare > /dev/sdb', { exact: true }).waitFor()
    await decide('Confirm and run', 'Checked on the spare')
    await header().getByText('Completed', { exact: true }).waitFor()
    await card().click()
    await inspector().getByText('Risk confirmed by admin').waitFor()
    await inspector().getByText('“Checked on the spare”').waitFor()
    expect(await offered('Confirm and run')).toBe(0)
    await inspector().getByRole('tab', { name: 'Output' }).click()
    await inspector().getByText('ready').first().waitFor()
    await readLog('Checked on the spare', 'confirmed the risk')
  })

  it('confirms many risks at once: those that are ticked, with one reason', async () => {
    const body = { workflow: 'reboot-hosts', target: { collection: 'unit', id: 'crm-web' } }
    const { id } = await ask<{ id: string }>(page, 'POST /api/v1/executions', body)
    await page.goto(`/executions/${id}`)
    await header().getByRole('button', { name: 'Confirm risks' }).waitFor()
    await isRiskyEverywhere()
    await header().getByRole('button', { name: 'Confirm risks' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 of 2').waitFor()
    expect(await dialog.getByText('shuts the host down or restarts it', { exact: false }).count()).toBe(1)
    await dialog.getByLabel('Reason').fill('Announced for tonight')
    await picture(page, 'execution-risks')
    await dialog.getByRole('checkbox', { name: 'crm-02' }).click()
    await dialog.getByRole('button', { name: 'Confirm and run 1', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto(`/executions/${id}?run=reboot%5Bcrm-01%5D`)
    await inspector().getByText('Risk confirmed by admin').waitFor()
    await inspector().getByText('“Announced for tonight”').waitFor()
    await inspector().getByText('Completed', { exact: true }).first().waitFor()
    await page.goto(`/executions/${id}?run=reboot%5Bcrm-02%5D`)
    await inspector().getByText('nothing of it has run').waitFor()
    await header().getByRole('button', { name: 'Confirm risks' }).click()
    await dialog.getByText('sudo shutdown -r now', { exact: false }).waitFor()
    await decide('Confirm and run', 'The second one')
    await header().getByText('Completed', { exact: true }).waitFor()
  })

  it('skips what is risky, and it never runs', async () => {
    const id = await startRisky()
    await page.goto(`/executions/${id}`)
    await inspector().getByRole('button', { name: 'Skip', exact: true }).click()
    await decide('Skip', 'Not on this host')
    await header().getByText('Completed', { exact: true }).waitFor()
    await card().click()
    await inspector().getByText('Skipped by admin').waitFor()
    await inspector().getByText('nothing of this attempt has run').waitFor()
    expect(stage.complaints).toEqual([])
  })
})

/** The node whose hosts are asked about runs on in none of them: card, table, timeline and log say the same. */
async function isRiskyEverywhere(): Promise<void> {
  const open = (tab: string) => page.getByRole('tab', { name: tab, exact: true }).first().click()
  await page.getByRole('button', { name: /· Restart the host, .*Risky/ }).waitFor()
  await open('Table')
  const rows = page.getByRole('table', { name: 'Node runs' }).getByRole('row')
  const shields = rows.filter({ has: page.locator('[data-status=risky]') })
  await expect.poll(() => shields.filter({ hasText: 'Risky' }).count(), { timeout: 20_000 }).toBe(3)
  await shields.filter({ hasText: 'Restart the host' }).waitFor()
  expect(await rows.filter({ hasText: 'Running' }).count()).toBe(0)
  await open('Timeline')
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await expect.poll(() => timeline.getByRole('img', { name: 'Risky' }).count(), { timeout: 20_000 }).toBe(3)
  await timeline.getByRole('button', { name: /^Restart the host.*Risky/ }).waitFor()
  expect(await timeline.getByRole('button', { name: /Running/ }).count()).toBe(0)
  await open('Log')
  const log = page.getByRole('list', { name: 'Log' }).getByRole('listitem')
  await expect.poll(() => log.filter({ hasText: 'Risky' }).count(), { timeout: 20_000 }).toBe(2)
  await open('Graph')
}

/** A command that writes to a disk of a simulated host, under a policy that asks. */
async function startRisky(): Promise<string> {
  const document = {
    format: 'fermata/1',
    key: 'label-spare',
    title: 'Label the spare disk',
    target: { collection: 'host' },
    nodes: [
      {
        id: 'label',
        type: 'ssh-command',
        title: 'Write the label',
        policy: { risk: 'ask' },
        config: {
          connection: 'demo-ssh',
          host: '{{ target.address }}',
          port: '{{ target.port }}',
          command: 'hostname\necho spare > /dev/sdb\necho ready',
        },
      },
    ],
    edges: [],
  }
  await ask(page, 'PUT /api/v1/workflows/label-spare/draft', { document })
  await ask(page, 'POST /api/v1/workflows/label-spare/publish', {})
  const body = { workflow: 'label-spare', target: { collection: 'host', id: 'pay-01' } }
  const { id } = await ask<{ id: string }>(page, 'POST /api/v1/executions', body)
  await firstOf(page, '/api/v1/executions?attention=true&workflow=label-spare')
  return id
}
