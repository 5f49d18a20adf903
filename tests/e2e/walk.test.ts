// The main walk in every language: sign in, run a procedure, be held, mend it, see it completed.
// With UPDATE_PICTURES=1 it also takes the pictures of the quick start.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import en from '../../src/web/i18n/en.json' with { type: 'json' }
import ru from '../../src/web/i18n/ru.json' with { type: 'json' }
import zh from '../../src/web/i18n/zh.json' with { type: 'json' }
import { drawsChinese } from './audit.ts'
import { setPictureFont } from './browser.ts'
import { picture } from './pictures.ts'
import { ask } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

const languages: Record<string, Words> = { en, zh, ru }
const user = 'kim.of-this-test'
const password = 'of-this-test-only'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  await ask(stage.page, 'POST /api/v1/users', { name: user, password, roles: ['admin'] })
})

afterAll(() => stage?.close())

interface Words {
  nav: { run: string }
  signIn: { username: string; password: string; submit: string }
  preview: { run: string }
  inspector: { label: string; openTask: string }
  tasks: { verbs: { approve: string }; doneBy: string }
  run: { acts: { skip: string } }
  act: { reasonRequired: string }
  status: { attention: string; completed: string }
}

async function signIn(page: Page, { signIn: words }: Words): Promise<void> {
  await page.goto('/')
  await page.getByLabel(words.username).fill(user)
  await page.getByLabel(words.password).fill(password)
  await page.getByRole('button', { name: words.submit }).click()
  await page.locator('.f-rail').waitFor()
}

/** From the list of workflows to the page of the execution; answers its address. */
async function runOn(page: Page, target: string, words: Words): Promise<string> {
  await page.getByRole('link', { name: words.nav.run, exact: true }).first().click()
  await page.waitForURL('**/run')
  // Off the navigation, which unfolds over the page below the pointer.
  await page.mouse.move(700, 500)
  await page.locator('#main a[href^="/run/restart-service"]:visible').first().click()
  await page.locator('.f-target').getByRole('combobox').fill(target)
  await page.locator('.ant-select-item-option', { hasText: target }).first().click()
  await page.locator('.f-card[data-node=restart]').waitFor()
  await page.getByLabel('Reason').fill('The API answers slowly')
  await page.getByRole('button', { name: words.preview.run, exact: true }).click()
  await page.waitForURL(/\/executions\/\d+/)
  return new URL(page.url()).pathname
}

async function approve(page: Page, words: Words): Promise<void> {
  await page.getByRole('link', { name: words.inspector.openTask }).click()
  await page.getByRole('button', { name: words.tasks.verbs.approve, exact: true }).click()
  await page
    .getByText(words.tasks.doneBy.split('{{')[0] ?? '')
    .first()
    .waitFor()
}

async function skipFailed(page: Page, words: Words): Promise<void> {
  const inspector = page.getByRole('complementary', { name: words.inspector.label })
  await inspector.getByRole('button', { name: words.run.acts.skip, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(words.act.reasonRequired).fill('pay-03 is repaired tomorrow')
  await dialog.getByRole('button', { name: words.run.acts.skip }).click()
}

describe.each(Object.entries(languages))('in %s', (language, words) => {
  it('one signs in, runs, approves, is held, mends and completes', async () => {
    const { page, context, complaints } = await stage.visit()
    await context.addInitScript((chosen) => localStorage.setItem('fermata.language', chosen), language)
    await signIn(page, words)
    const execution = await runOn(page, 'pay-api-1', words)
    await approve(page, words)
    await page.goto(execution)
    const header = page.locator('.f-head')
    await header.getByText(words.status.attention).first().waitFor()
    await page.locator('.f-card[data-node=restart][data-status=failed]').waitFor()
    await picture(page, `quick-start-${language}-held`)
    await skipFailed(page, words)
    // What was not restarted does not answer either.
    await page.locator('.f-card[data-node=health][data-status=failed]').waitFor()
    await skipFailed(page, words)
    await header.getByText(words.status.completed, { exact: true }).first().waitFor()
    await page.locator('.f-card[data-node=result][data-status=completed]').waitFor()
    await picture(page, `quick-start-${language}-completed`)
    expect(await page.evaluate(() => document.documentElement.lang)).toMatch(new RegExp(`^${language}`))
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('pictures', () => {
  it('show Chinese as Chinese, in texts and in code', async () => {
    const { page, context } = await stage.visit()
    await page.goto('/')
    await page.locator('.f-signin').waitFor()
    await setPictureFont(page)
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<code>编排</code><p>编排</p>'))
    await page.evaluate(() => document.fonts.load('24px "Noto Sans SC"', '编排').then(() => undefined))
    expect([await drawsChinese(page, 'body > p'), await drawsChinese(page, 'body > code')]).toEqual([
      true,
      true,
    ])
    await context.close()
  })
})
