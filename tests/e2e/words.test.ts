// The console speaks one language: no English is left in the others, and what is refused is said in theirs.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import ru from '../../src/web/i18n/ru.json' with { type: 'json' }
import zh from '../../src/web/i18n/zh.json' with { type: 'json' }
import type { Visitor } from './browser.ts'
import { englishIn, noteData } from './leftovers.ts'
import { picture } from './pictures.ts'
import { ask, findScreens, firstOf, follow, go, open, remember, type Screen } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
/** Somebody without a role. */
let stranger: Visitor
let target: string
let screens: Screen[]
/** Instances nobody works on. */
let free: string[]

beforeAll(async () => {
  stage = await openStage()
  await ask(stage.page, 'POST /api/v1/users', { name: 'lee', password: 'lee-has-one', roles: [] })
  stranger = await stage.visit()
  await stranger.page.goto('/')
  await ask(stranger.page, 'POST /api/v1/session', { username: 'lee', password: 'lee-has-one' })
  const targets = '/api/v1/workflows/restart-service/targets?q='
  target = await firstOf(stage.page, `${targets}pay-api-1`)
  const { items } = await ask<{ items: { id: string }[] }>(stage.page, `GET ${targets}`)
  free = items.map(({ id }) => id).filter((id) => !/^(pay|crm)/.test(id))
})

afterAll(() => stage?.close())

const languages = { zh, ru }

async function speak(page: Page, language: string): Promise<void> {
  await remember(page, 'language', language)
  await page.goto('/')
  await page.locator('.f-rail').waitFor()
}

/** What is said in a box, without what only the server can say. */
const said = (box: Locator) =>
  box.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement
    for (const own of copy.querySelectorAll('[lang=en], code')) own.remove()
    return copy.textContent ?? ''
  })
const filled = (text: string, facts: Record<string, string>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => facts[name] ?? '')

describe('in Chinese', () => {
  it('every page and dialog is Chinese, but for names and code', async () => {
    const { page } = stage
    const data = noteData(page)
    screens = await findScreens(page)
    await speak(page, 'zh')
    const found: string[] = []
    for (const screen of screens) {
      const look = async () =>
        void found.push(...(await englishIn(page, data)).map((text) => `${screen.name}: ${text}`))
      const all = async () => {
        await go(page, screen)
        await look()
        for (const dialog of Object.values(screen.dialogs ?? {})) await open(page, dialog, look)
      }
      // One that does not open is a finding, and the others are looked at all the same.
      await all().catch((error: Error) => found.push(`${screen.name}: ${error.message}`))
    }
    expect([...new Set(found)]).toEqual([])
  })

  it('what is refused because somebody else was faster is told with the act and the status', async () => {
    const { page } = stage
    const { url } = screens.find(({ name }) => name === 'held execution') ?? { url: '' }
    await go(page, { url, ready: '.f-card[data-status=failed]' })
    await page.locator('.f-inspector').getByRole('button', { name: zh.run.acts.skip }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(zh.act.reasonRequired).fill('pay-03')
    // Before it is skipped, and unknown to the page, which is still about to do it.
    const other = await stage.context.newPage()
    await other.goto('/tasks')
    await page.route('**/skip', async (route) => {
      await ask(other, `POST /api/v1${url}/terminate`, { reason: 'I was first' })
      await route.continue()
    })
    await dialog.getByRole('button', { name: zh.run.acts.skip }).click()
    const panel = dialog.getByRole('alert')
    await panel.waitFor()
    await page.unroute('**/skip')
    await other.close()
    expect(await said(panel)).toContain(zh.run.acts.skip)
    expect((await said(panel)).replaceAll(/restart\S*|pay-03/g, '')).not.toMatch(/[A-Za-z]{3,}/)
    await picture(page, `refused-zh`)
    await page.keyboard.press('Escape')
  })
})

describe.each(['zh', 'ru'] as const)('what is refused, in %s', (language) => {
  const words = languages[language]

  it('because somebody else has answered, is told at the task', async () => {
    const { page } = stage
    const workflow = 'restart-service'
    const { id } = await ask<{ id: string }>(page, 'POST /api/v1/executions', {
      workflow,
      target: { collection: 'app_instance', id: free.pop() },
      inputs: { reason: 'The API answers slowly' },
    })
    const task = await firstOf(page, `/api/v1/tasks?execution=${id}`)
    await speak(page, language)
    await go(page, { url: `/tasks?task=${task}`, ready: '.f-beside aside h2' })
    await ask(page, `POST /api/v1/tasks/${task}/reject`, {})
    await page.locator('aside').getByRole('button', { name: words.tasks.verbs.approve, exact: true }).click()
    const panel = page.locator('aside').getByRole('alert')
    await panel.waitFor()
    expect(await said(panel)).toContain(words.why['task-closed'])
    expect(await said(panel)).not.toMatch(/[A-Za-z]{3,}/)
  })

  it('because a value does not fit, is told at its field, and by the server too', async () => {
    const { page } = stage
    await speak(page, language)
    await go(page, { url: `/run/restart-service?target=app_instance:${target}`, ready: '.f-form' })
    const form = page.locator('.f-form')
    const run = page.getByRole('button', { name: words.preview.run, exact: true })
    await page.locator('.f-card[data-node=restart]').waitFor()
    await form.getByLabel('Reason').fill('no')
    await run.click()
    await form.getByText(filled(words.why['value-short'], { limit: '3' })).waitFor()
    await form.getByLabel('Reason').fill('now it fits')
    await page.route('**/api/v1/executions', (route) =>
      route.continue({ postData: route.request().postData()?.replace('now it fits', 'no') ?? '' }),
    )
    await run.click()
    const panel = page.getByRole('alert').filter({ hasText: words.problem['invalid-inputs'] })
    await panel.waitFor()
    await page.unroute('**/api/v1/executions')
    expect(await panel.textContent()).toMatch(/reason/)
    expect(await said(panel)).toContain(filled(words.why['value-short'], { limit: '3' }))
    expect(await said(panel)).not.toMatch(/[A-Za-z]{3,}/)
  })

  it('and what failed, with the words of the program marked as such', async () => {
    const { page } = stage
    await speak(page, language)
    await go(page, { url: '/reports?tab=failures', ready: '.f-error-text' })
    const cell = page.locator('.f-error-text', { hasText: words.runError['exit-code'] }).first()
    await cell.waitFor()
    expect(await said(cell)).not.toMatch(/[A-Za-z]{3,}/)
    expect(await cell.textContent()).toMatch(
      new RegExp(`${words.error.says} The command ended with exit code`),
    )
    await picture(page, `failures-${language}`)
  })

  it('for want of a permission, names it and whom to ask', async () => {
    const { page } = stranger
    await speak(page, language)
    await follow(page, '/admin/workers')
    const panel = page.locator('#main').getByRole('alert')
    await panel.waitFor()
    const sentence = filled(words.why['lacks-permission'], { permission: 'system.view' })
    expect(await said(panel)).toContain(sentence)
    expect((await said(panel)).replace('system.view', '')).not.toMatch(/[A-Za-z]{3,}/)
  })
})
