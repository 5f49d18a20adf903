// The walk of the first minute: run "Restart a service", approve, see one host fail, mend it, retry, completed.
// With UPDATE_PICTURES=1 it also takes the pictures of the guide.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addChineseFont, launchBrowser, type Visitor, visit } from './browser.ts'
import { type E2eServer, startServer } from './server.ts'

const guide = join(import.meta.dirname, '../../docs/guide')
const takesPictures = process.env.UPDATE_PICTURES === '1'

let server: E2eServer
let browser: Browser
let visitor: Visitor
let executionUrl = ''

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), launchBrowser()])
  visitor = await visit(browser, server.url)
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function picture(page: Page, name: string): Promise<void> {
  if (!takesPictures) return
  await addChineseFont(page)
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(guide, `${name}.png`), animations: 'disabled' })
}

const header = (page: Page) => page.locator('.f-head')
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' })
const card = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`· ${title},`) })

/** Picks the target by typing, looks at the preview and runs it. */
async function run(page: Page, workflow: string, target: string): Promise<void> {
  await page.getByRole('link', { name: workflow, exact: true }).click()
  await page.getByRole('combobox').fill(target)
  await page
    .getByRole('option', { name: target })
    .or(page.getByTitle(target, { exact: true }))
    .last()
    .click()
  await page.getByText(/^Touches \d+ record/).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForURL(/\/executions\/\d+/)
}

describe('the console', () => {
  it('signs in by the printed link and shows what needs me', async () => {
    const { page } = visitor
    await page.goto(server.link)
    await page.getByRole('heading', { name: 'Waiting for me' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  it('shows the target, every record and the inputs before the run', async () => {
    const { page } = visitor
    await page.getByRole('link', { name: 'Run', exact: true }).click()
    await page.getByRole('link', { name: 'Restart a service', exact: true }).click()
    await page.getByRole('combobox').fill('pay-api-1')
    await page
      .getByTitle(/pay-api-1/)
      .last()
      .click()
    await page.getByText(/^Touches \d+ record/).waitFor()
    await card(page, 'Restart the service').waitFor()
    await page
      .getByRole('button', { name: /pay-03/ })
      .first()
      .waitFor()
    await picture(page, 'preview')
    await page.getByLabel('Reason').fill('The API answers slowly')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForURL(/\/executions\/\d+/)
    executionUrl = new URL(page.url()).pathname
  })

  it('waits for approval, and goes on once approved', async () => {
    const { page } = visitor
    await inspector(page).getByRole('link', { name: 'Open the task' }).click()
    await page.getByText('The API answers slowly').first().waitFor()
    await picture(page, 'tasks')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText(/^Answered by/).waitFor()
  })

  it('is held on the one host that fails, and says why', async () => {
    const { page } = visitor
    await page.goto(executionUrl)
    await header(page).getByText('Needs attention').waitFor()
    await inspector(page).getByText('pay-03').first().waitFor()
    await inspector(page)
      .getByText(/No space left/)
      .first()
      .waitFor()
    expect(await card(page, 'Restart the service').getAttribute('data-status')).toBe('failed')
    expect(await card(page, 'Take out of the load balancer').getAttribute('data-status')).toBe('completed')
    await picture(page, 'execution')
  })

  it('speaks three languages, in light and dark', async () => {
    const { page } = visitor
    await page.getByRole('button', { name: 'Language' }).click()
    await page.getByText('简体中文').last().click()
    await page.getByText('需要处理').first().waitFor()
    await picture(page, 'execution-zh')
    await page.getByRole('button', { name: '语言' }).click()
    await page.getByText('Русский').last().click()
    await page.getByText('Требует внимания').first().waitFor()
    await picture(page, 'execution-ru')
    await page.getByRole('button', { name: 'Язык' }).click()
    await page.getByText('English').last().click()
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await header(page).getByText('Needs attention').waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await picture(page, 'execution-dark')
    await page.getByRole('button', { name: 'Light theme' }).click()
  })

  it('walks the graph by arrow keys', async () => {
    const { page } = visitor
    await card(page, 'Restart the service').focus()
    await page.keyboard.press('ArrowDown')
    await inspector(page)
      .getByRole('heading', { name: /Look at its health/ })
      .waitFor()
    await page.keyboard.press('ArrowUp')
    await inspector(page)
      .getByRole('heading', { name: /Restart the service/ })
      .waitFor()
  })

  it('cleans the disk of that host by another workflow', async () => {
    const { page } = visitor
    await page.getByRole('link', { name: 'Run', exact: true }).click()
    await run(page, 'Clean up a disk', 'pay-03')
    await header(page).getByText('Completed').waitFor()
    await picture(page, 'execution-completed')
  })

  it('retries only the failed record and completes', async () => {
    const { page } = visitor
    await page.goto(executionUrl)
    await card(page, 'Restart the service').click()
    await inspector(page).getByRole('button', { name: 'Retry', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('pay-03').waitFor()
    await dialog.getByLabel('Reason').fill('The disk was cleaned')
    await dialog.getByRole('button', { name: 'Retry 1 record' }).click()
    await header(page).getByText('Completed').waitFor()
    expect(await card(page, 'Restart the service').getAttribute('data-status')).toBe('completed')
    await page.getByRole('tab', { name: 'Log' }).first().click()
    await page.getByText('The disk was cleaned').waitFor()
  })

  it('lists executions by filters kept in the address', async () => {
    const { page } = visitor
    await page.goto('/executions?status=completed&workflow=restart-service')
    const table = page.getByRole('table', { name: 'Executions' })
    await table.getByRole('link', { name: 'Restart a service' }).first().waitFor()
    const badges = await table
      .locator('[data-status]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-status')))
    expect(new Set(badges)).toEqual(new Set(['completed']))
    await page.goto('/executions')
    await table.getByRole('link').first().waitFor()
    await picture(page, 'executions')
    await page.goto('/')
    await page.getByRole('heading', { name: 'Running now' }).waitFor()
    await picture(page, 'home')
  })

  it('leaves the browser nothing to complain about', () => {
    expect(visitor.complaints).toEqual([])
  })
})
