// The console in a real browser on the real server with the demo world.
// With UPDATE_PICTURES=1 it also takes the pictures of the guide.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, picture, takesPictures } from './pictures.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(() => stage?.close())

const header = (page: Page) => page.locator('.f-head')
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' })
const card = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`· ${title},`) })
const patience = { timeout: 20_000 }
const expectStatus = (page: Page, title: string, status: string) =>
  expect.poll(() => card(page, title).getAttribute('data-status'), patience).toBe(status)
/** A choice of the top bar, which the page shows by an attribute of its root. */
const expectRoot = (page: Page, attribute: 'lang' | 'data-theme', value: string) =>
  expect.poll(() => page.locator('html').getAttribute(attribute), patience).toBe(value)

/** From the list of workflows to the preview of one on a target. */
async function openPreview(page: Page, workflow: string, target: string): Promise<void> {
  await page.goto('/run')
  await page.getByRole('link', { name: workflow, exact: true }).click()
  await page.getByRole('combobox', { name: /^Target \(/ }).fill(target)
  await page.locator('.ant-select-item-option', { hasText: target }).first().click()
  await page.getByText(/^Touches \d+ record/).waitFor()
}

/** Runs what is previewed; answers the address of the execution. */
async function run(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForURL(/\/executions\/\d+/)
  return new URL(page.url()).pathname
}

async function approve(page: Page): Promise<void> {
  await inspector(page).getByRole('link', { name: 'Open the task' }).click()
  await picture(page, 'tasks')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await page.getByText(/^Answered by/).waitFor()
}

async function expectHeldOn(page: Page, host: string): Promise<void> {
  await header(page).getByText('Needs attention').waitFor()
  await inspector(page).getByText(host).first().waitFor()
  await inspector(page)
    .getByText(/No space left/)
    .first()
    .waitFor()
  await expectStatus(page, 'Restart the service', 'failed')
  await expectStatus(page, 'Take out of the load balancer', 'completed')
}

async function takePicturesOf(page: Page, held: string): Promise<void> {
  if (!takesPictures) return
  await page.goto(held)
  await card(page, 'Restart the service').waitFor()
  await header(page).getByText('Needs attention').waitFor()
  await picture(page, 'execution')
  await choose(page, 'Language', '简体中文')
  await page.getByText('需要处理').first().waitFor()
  await picture(page, 'execution-zh')
  await choose(page, '语言', 'Русский')
  await page.getByText('Требует внимания').first().waitFor()
  await picture(page, 'execution-ru')
  await choose(page, 'Язык', 'English')
}

describe('the console', () => {
  it('runs, is held on the host that fails, and completes once that is mended', async () => {
    const { page } = stage
    await openPreview(page, 'Restart a service', 'pay-api-1')
    await card(page, 'Restart the service').waitFor()
    await page.getByRole('button', { name: /pay-03/ }).waitFor()
    await page.getByLabel('Reason').fill('The API answers slowly')
    const execution = await run(page)

    await approve(page)
    await page.goto(execution)
    await expectHeldOn(page, 'pay-03')
    await takePicturesOf(page, execution)

    await openPreview(page, 'Clean up a disk', 'pay-03')
    await run(page)
    await header(page).getByText('Completed').waitFor()
    await expectStatus(page, 'Remove rotated logs', 'completed')
    await picture(page, 'execution-completed')

    await page.goto(execution)
    await card(page, 'Restart the service').click()
    await inspector(page).getByRole('button', { name: 'Retry', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('pay-03').waitFor()
    await dialog.getByLabel('Reason').fill('The disk was cleaned')
    await dialog.getByRole('button', { name: 'Retry 1 record' }).click()
    await header(page).getByText('Completed').waitFor()
    await expectStatus(page, 'Restart the service', 'completed')
    await page.getByRole('tab', { name: 'Log' }).first().click()
    await page.getByText('The disk was cleaned').waitFor()
    expect(stage.complaints).toEqual([])
  })

  it('walks the graph by arrow keys', async () => {
    const { page } = stage
    await openPreview(page, 'Restart a service', 'crm-web-2')
    await card(page, 'Restart the service').focus()
    await page.keyboard.press('ArrowDown')
    await expect
      .poll(() => card(page, 'Look at its health').getAttribute('aria-pressed'), patience)
      .toBe('true')
    await page.keyboard.press('ArrowUp')
    await expect
      .poll(() => card(page, 'Restart the service').getAttribute('aria-pressed'), patience)
      .toBe('true')
  })

  it('speaks three languages, in light and dark', async () => {
    const { page } = stage
    await page.goto('/executions')
    await choose(page, 'Language', '简体中文')
    await page.getByRole('link', { name: '执行历史' }).waitFor()
    await choose(page, '语言', 'Русский')
    await page.getByRole('link', { name: 'Выполнения' }).waitFor()
    await expectRoot(page, 'lang', 'ru')
    await page.reload()
    await choose(page, 'Язык', 'English')
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await expectRoot(page, 'data-theme', 'dark')
    await page.getByRole('button', { name: 'Light theme' }).click()
    await expectRoot(page, 'data-theme', 'light')
  })

  it('lists executions by filters kept in the address', async () => {
    const { page } = stage
    const table = page.getByRole('table', { name: 'Executions' })
    const shown = () =>
      table.locator('[data-status]').evaluateAll((all) => all.map((one) => one.dataset.status))
    await page.goto('/executions')
    await table.getByRole('link').first().waitFor()
    await page.goto('/executions?status=rejected')
    await expect.poll(async () => new Set(await shown()), patience).toEqual(new Set(['rejected']))
    await page.goto('/')
    await page.getByRole('heading', { name: 'Running now' }).waitFor()
  })

  it('shows administrators who works and what is queued, as it changes', async () => {
    const { page } = stage
    await page.goto('/')
    await page.getByRole('link', { name: 'Admin' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/admin\/workers$/)
    const processes = page.getByRole('table', { name: 'Processes' })
    await processes.getByText('answers this page').waitFor()
    await processes.getByText('Alive').first().waitFor()
    await page.getByRole('table', { name: 'Queue' }).getByText('Timer').first().waitFor()
    for (let asked = 0; asked < 2; asked++) await page.waitForResponse('**/api/v1/system/workers')
    // The rail is folded again when nothing in it has the focus.
    await page.locator('#main').focus()
    await picture(page, 'workers')
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.getByRole('button', { name: 'Light theme' }).waitFor()
    await picture(page, 'workers-dark')
    await page.getByRole('button', { name: 'Light theme' }).click()
    for (const [menu, language, title] of [
      ['Language', '简体中文', '工作进程与队列'],
      ['语言', 'Русский', 'Исполнители и очередь'],
      ['Язык', 'English', 'Workers and queue'],
    ] as const) {
      await choose(page, menu, language)
      await page.getByRole('heading', { name: title }).waitFor()
    }
  })

  it('has no entry for administrators where somebody is none', async () => {
    const { page } = stage
    await page.route('**/api/v1/session', async (route) => {
      const answer = await route.fetch()
      const me = (await answer.json()) as { permissions: string[] }
      const permissions = me.permissions.filter((permission) => permission !== 'system.view')
      await route.fulfill({ response: answer, json: { ...me, permissions } })
    })
    await page.goto('/')
    await page.getByRole('link', { name: 'Data' }).waitFor()
    expect(await page.getByRole('link', { name: 'Admin' }).count()).toBe(0)
    await page.unroute('**/api/v1/session')
  })

  it('tells when it is cut off from the server, and comes back by itself', async () => {
    const { page } = stage
    await page.route('**/events*', (route) => route.abort())
    await page.goto('/executions?status=running')
    await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().click()
    await header(page).waitFor()
    await page.getByRole('status').getByText('Reconnecting').waitFor()
    await page.unroute('**/events*')
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
  })

  it('says what is wrong with an address that leads nowhere', async () => {
    const { page } = stage
    await page.goto('/executions/999999999')
    await page.getByRole('link', { name: 'Back to: Executions' }).waitFor()
    await page.goto('/nowhere')
    await page.getByRole('link', { name: 'Go home' }).waitFor()
  })
})
