// One workflow on many targets: searched by conditions, ticked, run, watched square by square, retried and stopped.
// With UPDATE_PICTURES=1 it also takes the pictures of the guide.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picture as takePicture } from './pictures.ts'
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

const picture = (name: string) => takePicture(page, name)
const squares = () => page.getByRole('list', { name: 'Targets' }).getByRole('listitem')
const statuses = () =>
  page.locator('.f-square').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.status ?? ''))
const filter = (name: RegExp) => page.locator('.f-batch-body .ant-segmented-item', { hasText: name })
const head = () => page.locator('.f-head')
/** What is said of a square behind the name of its target; runs in the page. */
const titles = (all: Element[]) => all.map((one) => one.getAttribute('title')?.split(' · ')[1])
const numberIn = (text: string | null) => Number(/\d+/.exec(text ?? '')?.[0])

describe('a batch', () => {
  it('is made of what conditions on any step have found', async () => {
    await page.goto('/run/disk-clean-up')
    await page.getByRole('link', { name: 'Run on many…' }).click()
    const all = page.getByRole('checkbox', { name: /^All \d+/ })
    await all.waitFor()
    const found = async () => numberIn(await page.locator('.f-many-all label').textContent())
    const before = await found()
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('combobox', { name: 'Where' }).click()
    await page.getByRole('combobox', { name: 'Where' }).fill('app_instances')
    await page.locator('.ant-select-item-option', { hasText: /^app_instances$/ }).click()
    await page.getByRole('combobox', { name: 'Field' }).click()
    await page.locator('.ant-select-item-option:visible', { hasText: /^status$/ }).click()
    await page.getByRole('combobox', { name: 'Value' }).click()
    await page.locator('.ant-select-item-option:visible', { hasText: /^running$/ }).click()
    await expect.poll(found, patience).toBeLessThan(before)
    expect(await found()).toBeGreaterThan(3)
    expect(new URL(page.url()).searchParams.get('where')).toContain('app_instances')
    await all.check()
    await page.getByRole('spinbutton', { name: 'At a time' }).fill('2')
    await page.getByLabel('Starts no more').click()
    await page.locator('.ant-select-item-option', { hasText: 'after a number of failures' }).click()
    await page.getByRole('spinbutton', { name: 'More than' }).fill('1')
    // On two hosts the clean-up does not help.
    await page.getByLabel('Clean from (percent used)').fill('57')
    await picture('batch-new')
    const count = await found()
    await page.getByRole('button', { name: `Run on ${count} targets` }).click()
    await page.waitForURL(/\/batches\/\d+$/)
    await expect.poll(() => squares().count(), patience).toBe(count)
  })

  it('is watched square by square until more fail than its rule allows, and goes on when told to', async () => {
    await page.getByText('More failed than its stop rule allows').waitFor()
    // The head knows of the end before the last square does.
    const settled = async () => {
      const now = await statuses()
      const started = now.filter((status) => !['failed', 'completed', 'not-started'].includes(status))
      return { started, failed: now.filter((status) => status === 'failed').length }
    }
    await expect.poll(settled, patience).toEqual({ started: [], failed: 2 })
    expect(await statuses()).toContain('not-started')
    await picture('batch')
    await head().getByRole('button', { name: 'Resume' }).click()
    const dialog = page.getByRole('dialog', { name: /^Resume the batch/ })
    await dialog.getByLabel('Reason').fill('Both are known to be full')
    await dialog.getByRole('button', { name: 'Resume' }).click()
    await head().getByText('Some failed').waitFor()
  })

  it('shows what one asks for', async () => {
    await expect
      .poll(async () => new Set(await statuses()), patience)
      .toEqual(new Set(['completed', 'failed']))
    const ended = await statuses()
    await filter(/Failed/).click()
    await expect.poll(statuses, patience).toEqual(ended.filter((status) => status === 'failed'))
    expect(new URL(page.url()).searchParams.get('show')).toBe('failed')
    expect(await squares().first().getByRole('link').getAttribute('title')).toMatch(/· Failed$/)
    await filter(/All/).click()
    await expect.poll(statuses, patience).toEqual(ended)
  })

  it('leads from a square to its execution, by mouse and by keyboard', async () => {
    const batch = new URL(page.url()).pathname
    await squares().first().getByRole('link').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/executions\/\d+/)
    await page.goto(batch)
    await head().getByRole('link', { name: 'Its executions' }).click()
    await page.waitForURL(/\/executions\?batch=/)
    await page
      .getByRole('table', { name: 'Executions' })
      .getByRole('link', { name: 'by batch' })
      .first()
      .click()
    await page.waitForURL(/\/batches\/\d+$/)
  })

  it('runs again what failed, and nothing else', async () => {
    const failed = (
      await ask<{ counts: { failed: number } }>(page, `GET /api/v1${new URL(page.url()).pathname}`)
    ).counts.failed
    await head().getByRole('button', { name: 'Retry failed' }).click()
    const dialog = page.getByRole('dialog', { name: /^Retry what failed in/ })
    await dialog.getByLabel('Reason').fill('Logs were archived')
    await dialog.getByRole('button', { name: 'Retry failed' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('Table', { exact: true }).click()
    const attempts = () =>
      page
        .getByRole('table', { name: 'Targets' })
        .locator('tbody td:nth-child(4)')
        .evaluateAll((all) => all.filter((one) => one.textContent === '2').length)
    await expect.poll(attempts, patience).toBe(failed)
    await head().getByText('Some failed').waitFor()
  })

  it('is stopped with what is under way, and listed', async () => {
    const { items } = await ask<{ items: { id: string }[] }>(page, 'POST /api/v1/batches/search', {
      workflow: 'restart-service',
    })
    const { id } = await ask<{ id: string }>(page, 'POST /api/v1/batches', {
      workflow: 'restart-service',
      targets: items.map((item) => item.id),
      inputs: { reason: 'A new kernel' },
      parallel: 4,
    })
    await page.goto(`/batches/${id}`)
    await expect
      .poll(
        async () => (await statuses()).filter((status) => ['running', 'queued'].includes(status)).length,
        patience,
      )
      .toBe(4)
    await expect.poll(() => head().textContent(), patience).toMatch(/\d executions? waits? for a person/)
    await head().getByRole('link', { name: 'Open tasks' }).waitFor()
    await filter(/Waiting for a person/).click()
    await expect
      .poll(async () => new Set(await squares().getByRole('link').evaluateAll(titles)), patience)
      .toEqual(new Set(['Waiting for a person']))
    await filter(/All/).click()
    await head().getByRole('button', { name: 'Stop' }).click()
    const dialog = page.getByRole('dialog', { name: /^Stop the batch/ })
    await dialog.getByRole('checkbox').check()
    await dialog.getByLabel('Reason').fill('The wrong kernel')
    await dialog.getByRole('button', { name: 'Stop' }).click()
    await expect
      .poll(async () => (await statuses()).filter((status) => status === 'canceled').length, patience)
      .toBe(4)
    await head().getByText('Stopped', { exact: true }).waitFor()
    await head().getByText('The wrong kernel').waitFor()
    await page.goto('/batches')
    const list = page.getByRole('table', { name: 'Batches' })
    await expect.poll(() => list.locator('tbody tr').count(), patience).toBe(2)
    await picture('batches')
    await list.getByRole('link').last().click()
    await page.waitForURL(/\/batches\/\d+$/)
    await squares().first().waitFor()
  })

  it('looks well in every language and theme', async () => {
    for (const [language, word] of [
      ['zh', '部分失败'],
      ['ru', 'Есть сбои'],
    ] as const) {
      await remember(page, 'language', language)
      await page.reload()
      await head().getByText(word).waitFor()
      await page.locator('.f-square').first().waitFor()
      await picture(`batch-${language}`)
    }
    await remember(page, 'language', 'en')
    await page.reload()
    await head().getByText('Some failed').waitFor()
    await remember(page, 'theme', 'dark')
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset.theme), patience)
      .toBe('dark')
    await picture('batch-dark')
    await remember(page, 'theme', 'light')
    expect(stage.complaints).toEqual([])
  })
})
