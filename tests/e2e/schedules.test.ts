// Schedules in a real browser: made from an execution that completed, fired for real, their history and their acts.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, picture, pictureVariants } from './pictures.ts'
import { ask } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
const patience = { timeout: 30_000 }

beforeAll(async () => {
  stage = await openStage()
  await stage.page.getByRole('link', { name: 'Schedules' }).waitFor()
})

afterAll(() => stage?.close())

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Schedule' })
const history = (page: Page) => page.getByRole('table', { name: 'History' })

/** From an execution that completed to the dialog. */
async function openDialog(page: Page, workflow: string) {
  // The past of the demo is still being played; the list does not move by itself what is looked at.
  const done = `/api/v1/executions?status=completed&workflow=${workflow}&limit=1`
  await expect.poll(async () => (await page.request.get(done)).text(), { timeout: 60_000 }).toContain('"id"')
  await page.goto(`/executions?status=completed&workflow=${workflow}`)
  await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().click()
  await page.locator('.f-head').getByRole('link', { name: 'Schedule…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New schedule' })
  await dialog.getByText('Every day at 02:00').waitFor()
  return dialog
}

async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByLabel(label, { exact: true }).click()
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option })
    .first()
    .click()
}

describe('schedules', () => {
  it('are made from an execution that completed, with words and the next ten times', async () => {
    const { page } = stage
    // As where others have completed since: it is named all the same.
    const isOfLatest = ({ pathname, searchParams }: URL) =>
      pathname === '/api/v1/executions' && searchParams.get('kind') === 'main' && !searchParams.has('q')
    await page.route(isOfLatest, (route) => route.fulfill({ json: { items: [] } }))
    const dialog = await openDialog(page, 'nightly-report')
    await dialog.getByText(/^#\d+ Nightly report v\d/).waitFor()
    await page.unroute(isOfLatest)
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toMatch(/^Schedule \d\d-\d\d/)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Report of the night')
    await expect.poll(() => dialog.locator('ol > li').count(), patience).toBe(10)
    await pick(page, 'Role', 'admin')
    await dialog.getByLabel('failed').check()
    await dialog.getByLabel('members of its role').check()
    await picture(page, 'schedule-new')
    await dialog.getByRole('button', { name: 'New schedule' }).click()
    const panel = panelOf(page)
    await panel.getByText('It has not been due yet').waitFor()
    await panel.getByText('members of its role').waitFor()
    // That of the demo is made once its first execution has ended.
    await page.getByRole('row', { name: /Report every night/ }).waitFor(patience)
    await picture(page, 'schedules')
    await panel.getByRole('button', { name: 'Pause', exact: true }).click()
    await panel.getByRole('button', { name: 'Start' }).waitFor()
    await panel.getByText('Paused', { exact: true }).waitFor()
  })

  it('by cron are said in words of the three languages, and fire', async () => {
    const { page } = stage
    const dialog = await openDialog(page, 'health-watch')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Watch the shop')
    await pick(page, 'Repeats', 'Cron')
    await dialog.getByLabel('Cron text').fill('*/5 * * * * *')
    await dialog.getByText('Every 5 seconds').waitFor()
    await pick(page, 'While the last one still runs', 'run beside it')
    await dialog.getByRole('button', { name: 'New schedule' }).click()
    const panel = panelOf(page)
    await panel.getByRole('table', { name: 'Firings' }).getByRole('link').first().waitFor(patience)
    const names = [
      ['Language', '简体中文', '每隔 5 秒'],
      ['语言', 'Русский', 'Каждые 5 секунд'],
      ['Язык', 'English', 'Every 5 seconds'],
    ] as const
    for (const [menu, language, words] of names) {
      await choose(page, menu, language)
      await page.getByText(words).first().waitFor()
    }
    await panel.getByRole('button', { name: 'Pause', exact: true }).click()
    await panel.getByRole('button', { name: 'Start' }).waitFor()
  })

  it('changed by two: the second is told what the first changed, and keeps what was typed', async () => {
    const { page } = stage
    const { items } = await ask<{ items: { id: string }[] }>(page, 'GET /api/v1/schedules?q=Watch')
    const id = items[0]?.id ?? ''
    const isAt = () =>
      ask<{ name: string; missed: string; pauseAfter?: number }>(page, `GET /api/v1/schedules/${id}`)
    const others = (body: object) =>
      page.request.patch(`/api/v1/schedules/${id}`, {
        data: body,
        headers: { origin: new URL(page.url()).origin },
      })
    await page.goto(`/schedules?schedule=${id}`)
    await panelOf(page).getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the schedule' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Watch it all')
    expect((await others({ missed: 'skip', pauseAfter: 7 })).status()).toBe(200)
    await dialog.getByRole('button', { name: 'Save' }).click()
    const refusal = dialog.getByRole('alert')
    await refusal.getByText('“admin” has changed this schedule meanwhile.').waitFor()
    await refusal
      .getByText('They changed: Times missed while nothing ran, Pause after failures in a row')
      .waitFor()
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Watch it all')
    await picture(page, 'schedule-conflict')
    await refusal.getByRole('button', { name: 'Keep what I typed in it' }).click()
    await dialog.getByText('leave them out').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await isAt()).toMatchObject({ name: 'Watch it all', missed: 'skip', pauseAfter: 7 })
    // And the other way: what is there now, without what was typed.
    await panelOf(page).getByRole('button', { name: 'Edit' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Typed in vain')
    // A click beside the dialog throws nothing away.
    await page.mouse.click(200, 700)
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Typed in vain')
    expect((await others({ name: 'Watch the shop' })).status()).toBe(200)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await refusal.getByRole('button', { name: 'Load the present state' }).click()
    await expect.poll(() => dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Watch the shop')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'hidden' })
    stage.complaints.splice(
      0,
      stage.complaints.length,
      ...stage.complaints.filter((text) => !/status of 409/.test(text)),
    )
  })

  it('list what they started: counts open it, and what is ticked is paused and terminated', async () => {
    const { page } = stage
    await page.goto('/schedules?q=Watch')
    const row = page.getByRole('row', { name: /Watch the shop/ })
    await row
      .getByRole('link', { name: /^(Completed|Running): \d+/ })
      .first()
      .click()
    await page.waitForURL(/view=history/)
    await history(page).getByText('Watch the shop').first().waitFor()
    await page.goto('/schedules?view=history')
    await history(page).getByRole('link', { name: 'Watch the shop' }).first().waitFor()
    await picture(page, 'schedules-history')
    await pictureVariants(page, 'schedules-history', { zh: '执行历史', ru: 'История' })
  })

  it('act on the executions that are ticked', async () => {
    const { page } = stage
    const dialog = await openDialog(page, 'restart-service')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Watch for long')
    await pick(page, 'Repeats', 'Cron')
    await dialog.getByLabel('Cron text').fill('*/2 * * * * *')
    await dialog.getByText('Every 2 seconds').waitFor()
    await dialog.getByRole('button', { name: 'New schedule' }).click()
    await panelOf(page).getByRole('table', { name: 'Firings' }).getByRole('link').first().waitFor(patience)
    const id = new URL(page.url()).searchParams.get('schedule')
    await page.goto(`/schedules?view=history&of=${id}&status=running`)
    await history(page)
      .getByRole('checkbox', { name: /^Tick execution/ })
      .first()
      .check(patience)
    const bar = page.getByRole('region', { name: 'Acts on ticked executions' })
    await bar.getByRole('button', { name: /^Terminate/ }).click()
    const ask = page.getByRole('dialog', { name: 'Terminate 1 execution' })
    await ask.getByLabel('Reason').fill('Only a trial')
    await ask.getByRole('button', { name: 'Terminate', exact: true }).click()
    await ask.locator('.ant-modal-footer').getByRole('button', { name: 'Close' }).click()
    await page.goto(`/schedules?view=history&of=${id}&status=canceled`)
    await history(page).locator('[data-status="canceled"]').first().waitFor()
    await page.goto(`/schedules?schedule=${id}`)
    await panelOf(page).getByRole('button', { name: 'Delete' }).click()
    await page
      .getByRole('dialog', { name: 'Delete Watch for long?' })
      .getByRole('button', { name: 'Delete' })
      .click()
    await panelOf(page).waitFor({ state: 'hidden' })
    // It is gone, and its history still knows its name.
    await page.goto(`/schedules?view=history&of=${id}`)
    await history(page).getByText('Watch for long').first().waitFor()
  })

  it('are acted on by the menu of their row, by keyboard alone', async () => {
    const { page } = stage
    await page.goto('/schedules?q=Report+of')
    const row = page.getByRole('row', { name: /Report of the night/ })
    const menu = row.getByRole('button', { name: 'What may be done with Report of the night' })
    const choose = async (first: string, act: string) => {
      for (const name of [first, 'Edit', 'Delete']) {
        await page.locator('[role=menuitem]:focus', { hasText: name }).waitFor()
        if (name === act) break
        await page.keyboard.press('ArrowDown')
      }
      await page.keyboard.press('Enter')
    }
    await menu.focus()
    await page.keyboard.press('Enter')
    await choose('Start', 'Start')
    await row.getByText('Active').waitFor()
    expect(await menu.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await choose('Pause', 'Edit')
    const dialog = page.getByRole('dialog', { name: 'Change the schedule' })
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Report of the night')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => menu.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await choose('Pause', 'Delete')
    const question = page.getByRole('dialog', { name: 'Delete Report of the night?' })
    await question.waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'hidden' })
    // Nothing was opened beside the list meanwhile.
    expect(await panelOf(page).count()).toBe(0)
    await page.setViewportSize({ width: 720, height: 900 })
    await picture(page, 'schedules-narrow')
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('are found by filters kept in the address', async () => {
    const { page } = stage
    await page.goto('/schedules')
    const table = page.getByRole('table', { name: 'Schedules' })
    await table.getByText('Report of the night').waitFor()
    await page.getByRole('button', { name: 'Mine' }).click()
    await page.waitForURL(/mine=yes/)
    await page.goto('/schedules?mode=cron')
    await table.getByText('Watch the shop').waitFor()
    expect(await table.getByText('Report of the night').count()).toBe(0)
    // That of the demo world is not mine.
    await page.goto('/schedules?fires=1h&mine=yes')
    await page.getByText('No schedule matches').waitFor()
    await page.goto('/schedules?view=history')
    await history(page).getByRole('link', { name: 'Report every night' }).first().waitFor()
    const csv = await page.request.get('/api/v1/schedules/export')
    expect(await csv.text()).toContain('Report of the night')
    expect(stage.complaints).toEqual([])
  })
})
