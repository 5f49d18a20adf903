// Every page where there is nothing, while something loads, when the server fails or is gone, and for somebody without
// rights: never blank, never a code, always in the language of the console.
import type { Page, Request, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Visitor } from './browser.ts'
import { ask, follow } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
/** Somebody without a role. */
let stranger: Visitor

beforeAll(async () => {
  stage = await openStage({ FERMATA_DEMO: '0' })
  await ask(stage.page, 'POST /api/v1/users', { name: 'lee', password: 'lee-has-one', roles: [] })
  stranger = await stage.visit()
  await stranger.page.goto('/')
  await ask(stranger.page, 'POST /api/v1/session', { username: 'lee', password: 'lee-has-one' })
  await stranger.page.goto('/')
})

afterAll(() => stage?.close())

/** Pages of what nobody has made; `act`: what an empty one offers. */
const pages: { url: string; act?: string }[] = [
  { url: '/run', act: 'Import or publish one' },
  { url: '/batches', act: 'Run a workflow' },
  { url: '/batches?batchState=paused', act: 'Show all' },
  { url: '/executions', act: 'Run a workflow' },
  { url: '/executions?q=zzz', act: 'Clear filters' },
  { url: '/schedules', act: 'New schedule' },
  { url: '/schedules?q=zzz', act: 'Clear filters' },
  { url: '/schedules?view=history' },
  { url: '/reports', act: 'Run a workflow' },
  { url: '/reports?tab=failures' },
  { url: '/tasks?box=done' },
  { url: '/workflows', act: 'Import' },
  { url: '/data', act: 'All fields and relations: description of the API' },
  { url: '/', act: 'Run a workflow' },
]
/** Of one thing each; here it does not exist. `list`: where the way back leads. */
const things = [
  { url: '/run/x', list: '/run' },
  { url: '/run/x/many', list: '/run' },
  { url: '/batches/1', list: '/batches' },
  { url: '/executions/1', list: '/executions' },
  { url: '/executions/nonsense', list: '/executions' },
  { url: '/schedules?schedule=1', list: '/schedules' },
  { url: '/tasks?task=1', list: '/tasks' },
  { url: '/workflows/x', list: '/workflows' },
  { url: '/data?collection=x', list: '/data' },
  { url: '/reports?tab=nodes&workflow=x', list: '/reports' },
]
const asked = things.map(({ url }) => url).filter((url) => !url.includes('/data?'))
const all = [...pages.map(({ url }) => url), ...asked, '/admin/workers']

/** Enough where only the kind of failure differs. */
const some = ['/', '/run', '/batches', '/batches/1', '/executions/1', '/admin/workers']

const main = (page: Page) => page.locator('#main')

const speak = (page: Page, language: string) =>
  page.addInitScript((chosen) => localStorage.setItem('fermata.language', chosen), language)

/** Lines of each. What is gone by the time it is read has one line: asked until it is as it should be. */
const linesOf = async (page: Page, selector: string) =>
  (await main(page).locator(selector).allInnerTexts()).map((text) => text.trim().split('\n'))
const patience = { timeout: 15_000 }

/** What no page shows: keys of texts, codes of errors, what programs say instead of nothing. */
const raw =
  /\b(internal|http-error|unreachable|not-found|forbidden)\b|\b(undefined|null|NaN)\b|\[object|Error:|\b[a-z]+[.](?!view\b|manage\b)[a-zA-Z]{3,}\b/

async function sound(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector('#main')?.textContent ?? '').trim().length > 10)
  // As it is read: texts of elements that follow each other are no single word.
  const text = (await main(page).allInnerTexts()).join()
  expect(text).not.toMatch(raw)
}

describe('a fresh installation', () => {
  it.each(pages)('says at $url what this place is for', async ({ url, act }) => {
    const { page } = stage
    await follow(page, url)
    const empty = main(page).locator('.f-empty')
    const bare = async () => {
      const shown = await linesOf(page, '.f-empty')
      return shown.length > 0 ? shown.filter((lines) => lines.length < 2) : 'nothing is shown yet'
    }
    await expect.poll(bare, patience).toEqual([])
    if (act) await empty.getByText(act, { exact: true }).first().waitFor()
    await sound(page)
  })

  it.each(things)('says at $url that there is no such thing, and leads back', async ({ url, list }) => {
    const { page } = stage
    const streams: string[] = []
    const note = (request: Request) => void (request.url().includes('/events') && streams.push(request.url()))
    await follow(page, '/workflows')
    await main(page).getByRole('button', { name: 'Import' }).first().waitFor()
    page.on('request', note)
    await follow(page, url)
    const said = main(page).locator('.f-empty', { hasText: 'you may not see it' })
    await said.waitFor()
    if (!/schedules|tasks/.test(url)) expect(await page.locator('.f-live').count()).toBe(0)
    expect(streams.filter((one) => /executions\/\w+\/events/.test(one))).toEqual([])
    page.off('request', note)
    await sound(page)
    await said.getByRole('link').click()
    await page.waitForURL((at) => `${at.pathname}${at.search}` === list)
    await said.waitFor({ state: 'hidden' })
  })

  it.each(['zh', 'ru'])('says so in %s, without a word of English', async (language) => {
    const page = await stage.context.newPage()
    await speak(page, language)
    await page.goto('/')
    await page.locator('.f-rail').waitFor()
    for (const { url } of things) {
      await follow(page, url)
      const said = async () => (await linesOf(page, '.f-empty')).flat()
      await expect.poll(async () => (await said()).length > 1, { ...patience, message: url }).toBe(true)
      expect([url, (await said()).join()]).toEqual([url, expect.not.stringMatching(/[A-Za-z]{3,}/)])
    }
    await page.close()
  })
})

describe('the first collection', () => {
  it('is made by what the empty page tells', async () => {
    const { page, server } = stage
    await follow(page, '/data')
    const command = (await main(page).locator('.f-command pre').textContent()) ?? ''
    expect(command).toContain(`curl ${server.url}/api/v1/collections`)
    const [, body = ''] = command.match(/-d '(.*)'$/) ?? []
    const made = await ask<{ key: string }>(page, 'POST /api/v1/collections', JSON.parse(body))
    expect(made).toMatchObject(JSON.parse(body))
    // By itself: whoever ran the command looks at this page.
    await main(page).getByText('No records').first().waitFor()
    await page.evaluate((key) => fetch(`/api/v1/collections/${key}`, { method: 'DELETE' }), made.key)
  })
})

describe('somebody without rights', () => {
  it.each([
    ['/data', 'collection.view'],
    ['/admin/workers', 'system.view'],
  ])('is told at %s which permission it takes, and whom to ask', async (url, permission) => {
    const { page } = stranger
    await follow(page, url)
    const panel = main(page).getByRole('alert')
    await panel.getByText(`You need the permission “${permission}”.`).waitFor()
    await panel.getByText('Ask an administrator', { exact: false }).waitFor()
    await sound(page)
  })

  it('is offered nothing that would be refused', async () => {
    const { page } = stranger
    await follow(page, '/workflows')
    await main(page).locator('.f-empty').waitFor()
    expect(await main(page).getByRole('button', { name: 'Import' }).count()).toBe(0)
    await follow(page, '/schedules')
    await main(page).locator('.f-empty').waitFor()
    expect(await main(page).getByRole('button', { name: 'New schedule' }).count()).toBe(0)
  })
})

describe('a session that ends in the middle of the work', () => {
  it('keeps what was typed for the same user, and nothing for another', async () => {
    const user = { username: 'kim', password: 'kim-has-one' }
    await ask(stage.page, 'POST /api/v1/users', { name: 'kim', password: user.password, roles: ['admin'] })
    const { page, context } = await stage.visit()
    await page.goto('/')
    await ask(page, 'POST /api/v1/session', user)
    await page.goto('/workflows')
    await main(page).getByRole('button', { name: 'Import' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Import' })
    const text = dialog.locator('textarea')
    const again = page.getByRole('dialog', { name: 'Your session has ended' })
    const signOut = () =>
      page.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }).then(() => undefined))
    await text.fill('key: half-of-what')
    await signOut()
    await dialog.locator('.ant-modal-footer button').last().click()
    await again.waitFor()
    // The password is where one begins to write; nothing of the page can be read or reached.
    await page.keyboard.type(user.password)
    expect(
      await page.evaluate(() => document.elementFromPoint(5, 5)?.closest('.f-signin-again') !== null),
    ).toBe(true)
    await page.keyboard.press('Enter')
    await again.waitFor({ state: 'hidden' })
    expect(await text.inputValue()).toBe('key: half-of-what')
    await signOut()
    await dialog.locator('.ant-modal-footer button').last().click()
    await again.waitFor()
    await ask(page, 'POST /api/v1/session', { username: 'lee', password: 'lee-has-one' })
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.getByRole('button', { name: 'Account of lee' }).waitFor()
    expect(await page.locator('.ant-modal').count()).toBe(0)
    await context.close()
  })
})

describe('a browser in which nobody has chosen a language', () => {
  it('speaks that of the user', async () => {
    const { page, context } = await stage.visit()
    await page.goto('/')
    await ask(page, 'POST /api/v1/session', { username: 'lee', password: 'lee-has-one' })
    const speaks = async (language: string) => {
      await page.evaluate(async (chosen) => {
        const headers = { 'content-type': 'application/json' }
        await fetch('/api/v1/session', {
          method: 'PATCH',
          headers,
          body: JSON.stringify({ language: chosen }),
        })
      }, language)
      await page.reload()
      await expect
        .poll(() => page.evaluate(() => document.documentElement.lang), patience)
        .toContain(language)
    }
    for (const language of ['ru', 'en']) await speaks(language)
    await context.close()
  })
})

/** The frame's own questions, whose answers every page shares. */
const isFrame = ({ pathname, search }: URL) =>
  pathname === '/api/v1/session' || (pathname === '/api/v1/tasks' && search.includes('box=mine'))
const answers: Record<string, (route: Route) => Promise<void>> = {
  fails: (route) => {
    const problem = {
      type: 'about:blank',
      title: 'internal',
      status: 500,
      code: 'internal',
      detail: 'internal',
    }
    return route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    })
  },
  'is cut off by a proxy': (route) =>
    route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>503</h1>' }),
  'is gone': (route) => route.abort('connectionrefused'),
}

describe('a server that', () => {
  // In another language: what was not translated stands out.
  it.each(Object.keys(answers))('%s is told of on every page, with a way to try again', async (how) => {
    const page = await stage.context.newPage()
    // Nothing is asked there that another page would then know.
    await speak(page, 'zh')
    await page.goto('/tasks')
    await main(page).getByText('我的', { exact: true }).waitFor()
    await page.clock.install()
    await page.route(
      (url) => url.pathname.startsWith('/api/v1/') && !isFrame(url),
      (route) => answers[how]?.(route),
    )
    for (const url of how === 'fails' ? all : some) {
      await follow(page, url)
      const panel = main(page).getByRole('alert').first()
      // Asked again twice, after a second and after two.
      await expect
        .poll(
          async () => {
            await page.clock.fastForward(1000)
            return (await panel.isVisible()) && (await main(page).locator('.f-loading').count()) === 0
          },
          { ...patience, interval: 30, message: url },
        )
        .toBe(true)
      const said = async () => (await linesOf(page, '[role=alert]'))[0] ?? []
      await expect.poll(async () => (await said()).length > 1, { ...patience, message: url }).toBe(true)
      expect([url, (await said()).join()]).toEqual([url, expect.not.stringMatching(/[A-Za-z]{3,}/)])
      await panel.getByRole('button', { name: '重试' }).waitFor()
      await sound(page)
    }
    await page.close()
  })

  it('is slow is waited for with the outlines of what will come', async () => {
    const page = await stage.context.newPage()
    await speak(page, 'en')
    await page.goto('/tasks')
    await main(page).getByText('Mine', { exact: true }).waitFor()
    await page.route(
      (url) => url.pathname.startsWith('/api/v1/') && !isFrame(url),
      () => undefined,
    )
    for (const url of all.filter((one) => one !== '/')) {
      await follow(page, url)
      await main(page).getByRole('status', { name: 'Loading' }).first().waitFor()
      await main(page).locator('.ant-skeleton').first().waitFor()
      expect(await main(page).getByRole('alert').count()).toBe(0)
    }
    await page.close()
    // An address that is mistyped is refused.
    const complaints = [...stage.complaints, ...stranger.complaints]
    expect(complaints.filter((one) => !one.includes('status of 400'))).toEqual([])
  })
})
