// The page of one execution: error first, acts by two people, timeline, replay, decisions, waits, sub-workflows.
// With UPDATE_PICTURES=1 it also takes the pictures of the guide.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Visitor } from './browser.ts'
import { picture } from './pictures.ts'
import { ask, firstOf } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

const patience = { timeout: 20_000 }

let stage: Stage
let page: Page
/** On the page of the same execution, in a browser of their own. */
let colleague: Visitor

beforeAll(async () => {
  stage = await openStage()
  page = stage.page
  await ask(page, 'POST /api/v1/users', { name: 'kim', password: 'kim-has-one', roles: ['operator'] })
  colleague = await stage.visit()
  await colleague.page.goto('/')
  await ask(colleague.page, 'POST /api/v1/session', { username: 'kim', password: 'kim-has-one' })
})

afterAll(() => stage?.close())

const start = async (workflow: string, inputs: object, target?: string): Promise<string> => {
  const [collection, id] = target?.split(':') ?? []
  const body = { workflow, inputs, ...(target ? { target: { collection, id } } : {}) }
  return (await ask<{ id: string }>(page, 'POST /api/v1/executions', body)).id
}

/** The task an execution waits for, as soon as there is one. */
const taskOf = (execution: string) =>
  firstOf(page, `/api/v1/tasks?status=open&box=all&execution=${execution}`)

const header = (on: Page = page) => on.locator('.f-head')
const inspector = (on: Page = page) => on.getByRole('complementary', { name: 'Inspector' })
const card = (title: string) =>
  page.getByRole('button', { name: new RegExp(`· ${title.replace('?', '[?]')},`) })
const statusOf = (title: string) => card(title).getAttribute('data-status')
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).first()
const slider = () => page.getByRole('slider', { name: 'Moment shown' })

/** In the dialog that is open: a reason, and the button that does it. */
async function decide(on: Page, verb: string, reason: string): Promise<void> {
  const dialog = on.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

describe('an execution that fails on one host', () => {
  let id: string

  it('lets the records of a node be changed before it starts', async () => {
    id = await start('restart-service', { reason: 'The API answers slowly' }, 'app_instance:pay-api-1')
    await page.goto(`/executions/${id}`)
    await card('Look at its health').click()
    await inspector().getByRole('button', { name: 'Choose records' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'pay-01' }).uncheck()
    await decide(page, 'Work on 2 records', 'Only those that matter')
    await card('Look at its health').getByText('2 records').waitFor()
    await inspector().getByRole('tab', { name: 'Objects' }).click()
    const objects = inspector().getByRole('table', { name: 'Objects' })
    const chosen = () => objects.getByRole('button').allTextContents()
    await expect.poll(chosen, patience).toEqual(['pay-02', 'pay-03'])
  })

  it('opens on what failed, with the error, what to do, and the acts', async () => {
    await ask(page, `POST /api/v1/tasks/${await taskOf(id)}/approve`, {})
    await header().getByText('Needs attention').waitFor()
    await page.goto(`/executions/${id}`)
    const banner = page.getByRole('alert').filter({ hasText: 'Restart the service · pay-03' })
    await banner.getByText(/No space left/).waitFor()
    await banner.getByText('Mend the cause, then retry').waitFor()
    for (const act of ['Retry', 'Skip', 'Complete by hand'])
      await banner.getByRole('button', { name: act, exact: true }).waitFor()
    await inspector().getByRole('tab', { name: 'Error', selected: true }).waitFor()
    await inspector().getByText('pay-03').first().waitFor()
  })

  it('keeps what is looked at in the address', async () => {
    await inspector().getByRole('tab', { name: 'Settings' }).click()
    const settings = inspector().getByRole('table', { name: 'Settings' })
    await settings.getByText('{{ record.address }}').waitFor()
    await settings.getByText('127.0.0.1').waitFor()
    await picture(page, 'execution-settings')
    await inspector().getByRole('tab', { name: 'Log' }).click()
    await inspector().getByRole('button', { name: 'Link to line 1' }).click()
    await expect.poll(() => page.url(), patience).toContain('line=1')
    await tab('Table').click()
    await page.goto(page.url())
    await page.getByRole('tab', { name: 'Table', selected: true }).waitFor()
    await inspector().locator('li[data-linked]').waitFor()
    const row = page.getByRole('table', { name: 'Node runs' }).locator('tr[data-selected]')
    await row.getByRole('button', { name: 'pay-03' }).waitFor()
    await inspector().getByLabel('Search the log').fill('no such line')
    await expect.poll(() => inspector().locator('.f-log li').count(), patience).toBe(0)
    // What a mistyped address asks for is left out.
    await page.goto(`/executions/${id}?tab=nonsense&side=nonsense&view=nonsense&t=-5`)
    await page.locator('.f-trouble').waitFor()
    await page.getByRole('tab', { name: 'Graph', selected: true }).waitFor()
  })

  it('shows what ran when, and selects by a click', async () => {
    await page.keyboard.press('Escape')
    await page.goto(`/executions/${id}?tab=timeline`)
    const timeline = page.getByRole('region', { name: 'Timeline' })
    await timeline
      .getByRole('button', { name: /^Approve the restart, attempt 1: Completed, waited/ })
      .waitFor()
    await timeline
      .getByRole('button', { name: /^pay-01, attempt 1: Completed/ })
      .first()
      .click()
    await inspector().getByText('pay-01').first().waitFor()
    await picture(page, 'execution-timeline')
    const rows = () => timeline.locator('li').count()
    const before = await rows()
    await timeline.getByRole('button', { name: 'Silence the alarms, 3 inside' }).click()
    await expect.poll(rows, patience).toBe(before - 3)
  })

  it('shows a colleague what one does, and tells them whose execution it is', async () => {
    const other = colleague.page
    await other.goto(`/executions/${id}`)
    await header(other).getByText('Needs attention').waitFor()
    await header().getByRole('button', { name: 'Pause', exact: true }).click()
    expect(await page.getByRole('dialog').getByText('started this execution').count()).toBe(0)
    await decide(page, 'Pause', 'Wait for the storage team')
    await header(other).getByText('Paused', { exact: true }).waitFor()
    await header(other).getByRole('button', { name: 'Resume' }).click()
    await other.getByRole('dialog').getByText('admin started this execution').waitFor()
    await decide(other, 'Resume', 'Storage is fine')
    await header().getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await header(other).getByRole('button', { name: 'Pause', exact: true }).click()
    expect(await other.getByRole('dialog').getByText('admin started this execution').count()).toBe(0)
    await other.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await tab('Log').click()
    await page.getByText('Storage is fine').waitFor()
  })

  it('retries the failed record only, and keeps both attempts to look at', async () => {
    await page.goto(`/executions/${id}?run=restart`)
    await inspector().getByRole('button', { name: 'Retry', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'pay-03', checked: true }).waitFor()
    expect(await dialog.getByRole('checkbox', { name: 'pay-01' }).isChecked()).toBe(false)
    await dialog.getByText('Completed').first().waitFor()
    await card('Restart the service').waitFor()
    await picture(page, 'execution-retry')
    await decide(page, 'Retry 1 record', 'Perhaps it was a moment')
    await inspector().getByText('2 of 2').waitFor()
    await inspector().getByRole('button', { name: 'Earlier attempt' }).click()
    await inspector().getByText('1 of 2').waitFor()
    expect(page.url()).toContain('attempt=1')
    expect(await inspector().getByRole('button', { name: 'Retry', exact: true }).count()).toBe(0)
  })

  it('is completed by hand with an output, and goes on', async () => {
    await header().getByText('Needs attention').waitFor()
    await page.goto(`/executions/${id}?run=restart[pay-03]`)
    await inspector().getByRole('button', { name: 'Complete by hand' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Output (JSON)').fill('{ "exitCode": 0, "stdout": "by hand" }')
    await decide(page, 'Complete by hand', 'Restarted at the console')
    await expect.poll(() => statusOf('Restart the service'), patience).toMatch(/completed|by-hand/)
    await inspector().getByText('Completed by hand by admin').waitFor()
  })

  it('fills the records by what is done, and points from one graph into the other', async () => {
    await page.goto(`/executions/${id}?side=both`)
    const records = page.getByRole('region', { name: /^Records/ })
    await records.getByText('pay-03').first().waitFor()
    await card('Take out of the load balancer').hover()
    await expect.poll(() => records.locator('[data-linked]').count(), patience).toBeGreaterThan(0)
    await card('Restart the service').click()
    const objects = inspector().getByRole('table', { name: 'Objects' })
    await objects.getByText('pay-03').waitFor()
    const sides = (await Promise.all([objects, inspector()].map((part) => part.boundingBox()))).map(
      (box) => (box?.x ?? 0) + (box?.width ?? 0),
    )
    expect(sides[0]).toBeLessThan(sides[1] ?? 0)
    await picture(page, 'execution-records')
  })
})

describe('replay', () => {
  it('shows what was known at a moment, and comes back to the present', async () => {
    await page.goto('/executions?status=completed&workflow=restart-service')
    await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().click()
    await card('Restart the service').waitFor()
    await slider().focus()
    await page.keyboard.press('Home')
    await page.getByText(/^As it was at/).waitFor()
    await expect.poll(() => statusOf('Restart the service'), patience).toBe('not-started')
    for (let step = 0; step < 40 && (await statusOf('Approve the restart')) !== 'waiting-person'; step++)
      await page.getByRole('button', { name: 'Happening after' }).click()
    expect(await statusOf('Approve the restart')).toBe('waiting-person')
    await card('Approve the restart').getByText('0ms').waitFor()
    await expect.poll(() => page.url(), patience).toMatch(/[?&]t=\d+/)
    await picture(page, 'execution-replay')
    await page.goto(page.url())
    await expect.poll(() => statusOf('Approve the restart'), patience).toBe('waiting-person')
    await page.getByRole('button', { name: 'Back to now' }).click()
    await expect.poll(() => statusOf('Restart the service'), patience).toBe('completed')
    await expect.poll(() => page.url(), patience).not.toMatch(/[?&]t=/)
  })

  it('leads to the execution before and after', async () => {
    const here = new URL(page.url()).pathname
    await header().getByRole('link', { name: 'Previous execution of this workflow' }).click()
    await expect.poll(() => new URL(page.url()).pathname, patience).not.toBe(here)
    await card('Restart the service').waitFor()
    await header().getByRole('link', { name: 'Next execution of this workflow' }).waitFor()
    await page.keyboard.press(']')
    await expect.poll(() => new URL(page.url()).pathname, patience).toBe(here)
    await header().getByRole('button', { name: 'Other executions of this workflow' }).click()
    await page.getByRole('textbox', { name: 'Search by target or id' }).fill('shop-cart')
    await page.locator('.f-others-list').getByText('shop-cart').first().waitFor()
    await page.keyboard.press('Escape')
  })
})

describe('decisions, waits and sub-workflows', () => {
  it('opens the decision that waits, and takes the branch one chooses', async () => {
    const id = await start('onboarding-approval', {})
    const facts = { name: 'crm-77', room: 'A', cpus: 4 }
    await ask(page, `POST /api/v1/tasks/${await taskOf(id)}/submit`, { values: facts })
    const approval = await taskOf(id)
    await page.goto(`/executions/${id}`)
    await ask(page, `POST /api/v1/tasks/${approval}/approve`, {})
    const decision = inspector().getByRole('region', { name: 'Decision' })
    await decision.getByRole('radio', { name: 'It is ready' }).check()
    await decision.getByLabel('Reason').fill('Seen in the rack')
    await card('Withdrawn').waitFor()
    await picture(page, 'execution-decision')
    // The ways stand one under the other; however many there are, the button stays in sight.
    const radios = await decision.getByRole('radio').all()
    const places = await Promise.all(radios.map((radio) => radio.boundingBox()))
    expect(new Set(places.map((place) => Math.round(place?.x ?? -1))).size).toBe(1)
    expect(new Set(places.map((place) => Math.round(place?.y ?? -1))).size).toBe(radios.length)
    await decision.locator('.f-choose-options').evaluate((group) => {
      const way = group.firstElementChild
      for (let n = 0; way && n < 40; n++) group.append(way.cloneNode(true))
    })
    const button = await decision.getByRole('button', { name: 'Go on by “It is ready”' }).boundingBox()
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThan(page.viewportSize()?.height ?? 0)
    await decision.locator('.f-choose-options').evaluate((group) => {
      for (const way of [...group.children].slice(-40)) way.remove()
    })
    await decision.getByRole('button', { name: 'Go on by “It is ready”' }).click()
    await header().getByText('Completed').waitFor()
    await expect.poll(() => statusOf('Withdrawn'), patience).toBe('not-reached')
    await expect.poll(() => statusOf('Is it racked and ready?'), patience).toBe('by-hand')
  })

  it('cuts a wait short, and shows the child in place and with the way back', async () => {
    const id = await start('canary-patch', { soak: 3600 }, 'subsystem:shop-web')
    await page.goto(`/executions/${id}`)
    await expect.poll(() => statusOf('Watch it for a while'), patience).toBe('waiting-time')
    await card('Watch it for a while').click()
    await inspector().getByText('Goes on at').waitFor()
    await inspector().getByRole('button', { name: 'Cut the wait short' }).click()
    await decide(page, 'Cut the wait short', 'Looks well')
    await expect.poll(() => statusOf('Check the canary'), patience).toBe('completed')
    await card('Check the canary').click()
    await inspector().getByRole('table', { name: 'Objects' }).getByRole('button').first().click()
    const inside = inspector().getByRole('region', { name: 'Graph of Check a host' })
    await inside.getByRole('button', { name: /Sign in and look,/ }).click()
    await inspector()
      .getByRole('heading', { name: /Sign in and look/ })
      .waitFor()
    await picture(page, 'execution-child')
    await inspector()
      .getByRole('link', { name: /^Open execution #/ })
      .click()
    await page.getByRole('navigation', { name: 'Started by' }).getByRole('link').click()
    await expect.poll(() => new URL(page.url()).pathname, patience).toBe(`/executions/${id}`)
    expect([...stage.complaints, ...colleague.complaints]).toEqual([])
  })
})
