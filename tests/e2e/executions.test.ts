// The list of executions: filters in the address, live rows, acts on many with a result for each, views, export.
// With UPDATE_PICTURES=1 it also takes the pictures of the guide.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picture } from './pictures.ts'
import { ask, remember } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

const patience = { timeout: 20_000 }

let stage: Stage
let page: Page

beforeAll(async () => {
  stage = await openStage()
  page = stage.page
})

afterAll(() => stage?.close())

const table = () => page.getByRole('table', { name: 'Executions' })
const rowOf = (id: string) =>
  table()
    .getByRole('row')
    .filter({ hasText: `#${id} ` })
const open = async (search: string) => {
  await page.goto(`/executions${search}`)
  await page.locator('.f-row-link, .f-empty').first().waitFor()
}
const searchOf = () => Object.fromEntries(new URL(page.url()).searchParams)
/** Waits for a person. */
const startOne = async (name = 'Kim') =>
  (
    await ask<{ id: string }>(page, 'POST /api/v1/executions', {
      workflow: 'onboarding-approval',
      inputs: { name, email: 'kim@example.org', team: 'Operations' },
    })
  ).id
const toggle = (name: string) => page.getByRole('button', { name, exact: true })

describe('filters', () => {
  it('are set by hand, kept in the address, and taken off one by one', async () => {
    await open('')
    await toggle('Mine').click()
    await expect.poll(searchOf, patience).toEqual({ startedBy: 'admin' })
    await page.getByText('Main', { exact: true }).click()
    await toggle('More filters').click()
    const more = page.locator('.f-more-filters')
    await more.getByLabel('Started how').click()
    await page.locator('.ant-select-item-option', { hasText: 'by schedule' }).click()
    await expect.poll(searchOf, patience).toEqual({ startedBy: 'admin', kind: 'main', trigger: 'schedule' })
    await page.keyboard.press('Escape')
    await page.reload()
    const chips = page.locator('.f-page .ant-tag')
    await expect
      .poll(() => chips.allTextContents(), patience)
      .toEqual(['Started by: admin', 'Started how: by schedule'])
    await chips.last().getByRole('button').click()
    await expect.poll(searchOf, patience).toEqual({ startedBy: 'admin', kind: 'main' })
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await expect.poll(searchOf, patience).toEqual({})
  })

  it('take a target of any collection while no workflow is chosen', async () => {
    await open('')
    await toggle('More filters').click()
    const more = page.locator('.f-more-filters')
    const target = more.getByRole('combobox', { name: 'Target', exact: true })
    expect(await target.isDisabled()).toBe(true)
    await more.getByLabel('Collection of the target').click()
    await page.locator('.ant-select-item-option', { hasText: /^App instance$/ }).click()
    await target.click()
    await page.keyboard.type('pay-api-1')
    const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option')
    await expect.poll(() => options.allTextContents(), patience).toEqual(['pay-api-1'])
    await picture(page, 'executions-target')
    await options.click()
    await expect.poll(() => searchOf().target, patience).toMatch(/^app_instance:/)
    await page.keyboard.press('Escape')
    await open('')
  })

  it('find what waits for me, by status, by text and by time', async () => {
    const id = await startOne()
    await open('?needs=me')
    await rowOf(id).waitFor()
    await open('?status=rejected,canceled')
    const shown = await table()
      .locator('[data-status]')
      .evaluateAll((all) => all.map((one) => one.dataset.status ?? ''))
    expect(shown.filter((status) => !['rejected', 'canceled'].includes(status))).toEqual([])
    await open(`?q=${id}`)
    await rowOf(id).waitFor()
    await open('')
    await page.locator('.ant-select', { hasText: 'Any time' }).click()
    await page.locator('.ant-select-item-option', { hasText: 'From … to …' }).click()
    await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00')
    await page.getByText('No execution matches').waitFor()
    expect(searchOf().to).toMatch(/^20(19|20)-/)
  })

  it('show the parents of sub-workflows', async () => {
    await open('?kind=sub')
    await table().getByRole('columnheader', { name: 'Parent' }).waitFor()
    const link = table().getByRole('link', { name: /#\d+$/ }).first()
    const [, parent = ''] = /#(\d+)$/.exec((await link.textContent()) ?? '') ?? []
    await link.click()
    // Where it was started: the parent, at the node run that did.
    await page.waitForURL((url) => url.pathname === `/executions/${parent}` && url.searchParams.has('run'))
    await open('?kind=main')
    expect(await table().getByRole('columnheader', { name: 'Parent' }).count()).toBe(0)
  })

  it('narrow to half an hour of the last day by a click on the strip', async () => {
    await open('')
    const strip = page.getByRole('region', { name: 'Last 24 hours' })
    await strip
      .getByText(/completed/)
      .first()
      .waitFor()
    await expect.poll(() => strip.getByRole('button').count(), patience).toBe(48)
    await strip.getByRole('button').last().click()
    await expect.poll(() => Object.keys(searchOf()).sort(), patience).toEqual(['from', 'to'])
    const { from = '', to = '' } = searchOf()
    expect(Date.parse(to) - Date.parse(from)).toBe(1_800_000)
  })
})

describe('live rows', () => {
  it('change where they stand; new ones wait under a pill', async () => {
    const first = await startOne()
    await open('')
    await rowOf(first).waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
    const before = await rowOf(first).boundingBox()
    const second = await startOne('Lee')
    // Perhaps more than one: the demo world goes on meanwhile.
    const pill = page.getByRole('button', { name: /^\d+ new$/ })
    await pill.waitFor()
    expect(await rowOf(second).count()).toBe(0)
    await ask(page, `POST /api/v1/executions/${first}/pause`, {})
    await rowOf(first).getByText('Paused', { exact: true }).waitFor()
    expect((await rowOf(first).boundingBox())?.height).toBe(before?.height)
    await picture(page, 'executions-new')
    await pill.click()
    await rowOf(second).waitFor()
    await ask(page, `POST /api/v1/executions/${first}/resume`, {})
  })
})

describe('acts', () => {
  it('on ticked rows ask for a reason, and tell what became of each', async () => {
    const ids = [await startOne('A'), await startOne('B'), await startOne('C')]
    await open('')
    for (const id of ids) await page.getByRole('checkbox', { name: `Tick execution ${id}` }).check()
    const bar = page.getByRole('region', { name: 'Acts on ticked executions' })
    await bar.getByText('3 ticked').waitFor()
    await bar.getByRole('button', { name: 'Terminate' }).click()
    const dialog = page.getByRole('dialog', { name: 'Terminate 3 executions' })
    await dialog.getByLabel('Reason').fill('The wrong template')
    await picture(page, 'executions-bulk')
    // Somebody else is first with one of them.
    await ask(page, `POST /api/v1/executions/${ids[1]}/terminate`, { reason: 'I was first' })
    await dialog.getByRole('button', { name: 'Terminate' }).click()
    await dialog.getByText('Done: 2 of 3').waitFor()
    const results = dialog.locator('.f-bulk-results li')
    expect(await results.first().getAttribute('data-done')).toBe('false')
    expect(await results.first().textContent()).toContain(`#${ids[1]}`)
    await picture(page, 'executions-results')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await rowOf(ids[0] ?? '')
      .getByText('Canceled')
      .waitFor()
    await rowOf(ids[0] ?? '')
      .getByText('admin terminated it')
      .waitFor()
    await bar.waitFor({ state: 'hidden' })
  })

  it('are offered on each row: those that make sense for it', async () => {
    const id = await startOne('D')
    await open('')
    await rowOf(id).hover()
    const names = () =>
      rowOf(id)
        .locator('.f-row-acts button')
        .evaluateAll((all) => all.map((one) => one.ariaLabel))
    await expect.poll(names, patience).toEqual([`Pause #${id}`, `Terminate #${id}`])
    await rowOf(id)
      .getByRole('button', { name: `Pause #${id}` })
      .click()
    const dialog = page.getByRole('dialog', { name: 'Pause 1 execution' })
    await dialog.getByRole('button', { name: 'Pause' }).click()
    await dialog.getByText('Done: 1 of 1').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await rowOf(id).getByText('Paused', { exact: true }).waitFor()
  })
})

describe('views and tables', () => {
  it('keep filters under a name, for this user', async () => {
    await open('?status=failed,error&kind=main')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByText('Save these filters…').click()
    const dialog = page.getByRole('dialog', { name: 'Save these filters…' })
    await dialog.getByLabel('Name').fill('What went wrong')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'What went wrong' }).waitFor()
    await open('')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.locator('.ant-dropdown:visible').getByText('What went wrong').click()
    await expect.poll(searchOf, patience).toEqual({ status: 'failed,error', kind: 'main' })
    // By the keyboard alone.
    await page.getByRole('button', { name: 'What went wrong' }).focus()
    await page.keyboard.press('Enter')
    const focused = (what: 'role' | 'text') =>
      page.evaluate(
        (wanted) =>
          wanted === 'role'
            ? document.activeElement?.getAttribute('role')
            : document.activeElement?.textContent,
        what,
      )
    await expect.poll(() => focused('role'), patience).toBe('menuitem')
    await page.keyboard.press('End')
    await expect.poll(() => focused('text'), patience).toBe('Manage views…')
    await page.keyboard.press('Enter')
    const manage = page.getByRole('dialog', { name: 'Manage views…' })
    await manage.getByLabel('Name of “What went wrong”').fill('Broken')
    await page.keyboard.press('Enter')
    await manage.getByLabel('Name of “Broken”').waitFor()
    await manage.getByRole('button', { name: 'Delete the view “Broken”' }).press('Enter')
    await page.getByRole('tooltip').getByRole('button', { name: 'Delete' }).press('Enter')
    await manage.getByText('You have no saved views.').waitFor()
    await page.keyboard.press('Escape')
    await manage.waitFor({ state: 'hidden' })
    await expect.poll(() => focused('text'), patience).toBe('Views')
  })

  it('hold what the filters select', async () => {
    await open('?workflow=onboarding-approval&status=canceled')
    const href = await page.getByRole('link', { name: 'Export' }).getAttribute('href')
    const text = await page.evaluate(async (url) => (await fetch(url)).text(), href ?? '')
    const lines = text.trim().split('\r\n')
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines.slice(1)) expect(line).toMatch(/^\d+,onboarding-approval,.*,canceled,/)
  })

  it('look well in every language and theme', async () => {
    await open('')
    await table().getByRole('link').first().waitFor()
    // Off the rail, which unfolds under the mouse.
    await page.mouse.move(720, 880)
    await picture(page, 'executions')
    for (const [language, title] of [
      ['zh', '待我处理'],
      ['ru', 'Ждут меня'],
    ] as const) {
      await remember(page, 'language', language)
      await page.reload()
      await page.getByRole('button', { name: title }).waitFor()
      await page.locator('.f-row-link').first().waitFor()
      await picture(page, `executions-${language}`)
    }
    await remember(page, 'language', 'en')
    await page.reload()
    await toggle('Needs me').waitFor()
    await remember(page, 'theme', 'dark')
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset.theme), patience)
      .toBe('dark')
    await picture(page, 'executions-dark')
    await remember(page, 'theme', 'light')
    expect(stage.complaints).toEqual([])
  })
})
