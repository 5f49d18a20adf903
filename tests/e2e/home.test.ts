// Home on the demo world: the first steps are done one by one, as somebody does who has read nothing, and tick themselves.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picture, pictureVariants } from './pictures.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
const patience = { timeout: 60_000 }

beforeAll(async () => {
  stage = await openStage()
})

afterAll(() => stage?.close())

const steps = (page: Page) => page.getByRole('region', { name: /^First steps/ })
const completed = (page: Page) => page.locator('.f-head').getByText('Completed').waitFor(patience)

/** Home, when so many of the four are done. */
async function homeWith(page: Page, done: number): Promise<void> {
  await page.goto('/')
  await steps(page).getByText(`${done}/4`).waitFor(patience)
}

describe('home', () => {
  it('groups what failed by its cause, and opens the executions it hit', async () => {
    const { page } = stage
    await page.goto('/')
    const failures = page.getByRole('table', { name: 'Failures of the last day' })
    const row = failures.getByRole('row', { name: /No space left/ }).first()
    await row.getByRole('link').first().click(patience)
    await page.waitForURL(/failedNode=restart/)
    await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().waitFor()
  })

  it('leads through four first steps, which tick themselves', async () => {
    const { page } = stage
    await homeWith(page, 0)
    await steps(page).getByRole('button', { name: 'Open it' }).waitFor(patience)
    await page
      .getByRole('table', { name: 'Failures of the last day' })
      .getByText(/No space left/)
      .first()
      .waitFor()
    await page.getByRole('region', { name: /24 hours/ }).waitFor()
    await picture(page, 'home')
    await pictureVariants(page, 'home', { zh: '入门步骤', ru: 'Первые шаги' })
    await steps(page).getByRole('button', { name: 'Open the task' }).click()
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText(/^Answered by/).waitFor()
    // The restart goes on meanwhile: the list sees its end by itself.
    await homeWith(page, 2)
    await steps(page).getByRole('button', { name: 'Clean up' }).click()
    await page.getByText(/^Touches \d+ record/).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.waitForURL(/\/executions\/\d+/)
    await completed(page)
    await homeWith(page, 3)
    await steps(page).getByRole('button', { name: 'Open it' }).click()
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('button', { name: 'Retry', exact: true })
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Retry/ })
      .click()
    await completed(page)
    await homeWith(page, 4)
    await steps(page).getByRole('button', { name: 'Do not show again' }).click()
    await steps(page).waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByRole('heading', { name: 'Running now' }).waitFor()
    expect(await steps(page).count()).toBe(0)
    expect(stage.complaints).toEqual([])
  })
})
