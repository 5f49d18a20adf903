// The console without a mouse: from page to page, through lists, into dialogs and back.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findings } from './audit.ts'
import { picture } from './pictures.ts'
import { ask, findScreens, go, type Screen } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let screens: Screen[]

beforeAll(async () => {
  stage = await openStage()
  screens = await findScreens(stage.page)
})

afterAll(() => stage?.close())

const toScreen = (name: string) => {
  const screen = screens.find((candidate) => candidate.name === name)
  if (!screen) throw new Error(`There is no screen ${name}`)
  return go(stage.page, screen)
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

/** What has the focus, as those hear it who cannot see it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.id ?? ''
  })
const hasFocus = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)

describe('by keyboard', () => {
  it('goes from page to page by two letters, whatever script the keyboard writes', async () => {
    const { page } = stage
    for (const [letter, path] of [
      ['e', '/executions'],
      ['r', '/run'],
      ['s', '/schedules'],
      ['p', '/reports'],
      ['t', '/tasks'],
      ['w', '/workflows'],
      ['d', '/data'],
      ['a', '/admin/workers'],
      ['h', '/'],
    ] as const) {
      await press(page, 'g', letter)
      await page.waitForURL((url) => url.pathname === path)
      // What is new has the focus, so that Tab goes on from there.
      await expect.poll(() => page.evaluate(() => document.activeElement?.closest('#main')?.id)).toBe('main')
    }
    await page.evaluate(() => {
      for (const [key, code] of [
        ['п', 'KeyG'],
        ['к', 'KeyR'],
      ] as const)
        window.dispatchEvent(new KeyboardEvent('keydown', { key, code }))
    })
    await page.waitForURL('**/run')
  })

  it('shows all shortcuts by ?, and takes none while the dialog is open', async () => {
    const { page } = stage
    await toScreen('workflows')
    await press(page, '?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.getByText('Next row').waitFor()
    await press(page, 'g', 'e')
    expect(new URL(page.url()).pathname).toBe('/workflows')
    await press(page, 'Escape')
    await help.waitFor({ state: 'hidden' })
  })

  it('can be told to leave single keys alone', async () => {
    const { page } = stage
    await press(page, '?')
    const letters = page.getByRole('switch', { name: 'Single keys do things' })
    await letters.focus()
    await press(page, 'Space', 'Escape')
    await letters.waitFor({ state: 'hidden' })
    await press(page, 'g', 'e')
    expect(new URL(page.url()).pathname).toBe('/workflows')
    await press(page, '?')
    await letters.focus()
    await press(page, 'Space', 'Escape')
    await letters.waitFor({ state: 'hidden' })
    await press(page, 'g', 'e')
    await page.waitForURL('**/executions')
  })

  it('searches by /, walks the rows by j and k, and opens one by Enter', async () => {
    const { page } = stage
    await toScreen('workflows')
    await press(page, '/')
    expect(await hasFocus(page, 'input[type=search]')).toBe(true)
    // Letters are text there.
    await page.keyboard.type('j')
    expect(await page.locator('input[type=search]').inputValue()).toBe('j')
    // The list is asked anew for each text, and would take the focus of its rows along.
    await page.waitForURL(/q=j/)
    await press(page, 'Backspace')
    await page.waitForURL((url) => !url.search.includes('q='))
    await page.locator('#main').focus()
    const rows = page.locator('.f-row-link')
    await rows.nth(2).waitFor()
    const names = await rows.allTextContents()
    const here = () => page.evaluate(() => document.activeElement?.textContent)
    await press(page, 'j', 'j')
    expect(await here()).toBe(names[1])
    await press(page, 'k')
    expect(await here()).toBe(names[0])
    await press(page, 'Enter')
    await page.waitForURL(/\/workflows\/[a-z-]+$/)
  })

  it('goes anywhere from one field, and gives the focus back', async () => {
    const { page } = stage
    await toScreen('executions')
    // Also from where letters are text.
    await press(page, '/', 'ControlOrMeta+k')
    const field = page.getByRole('combobox', { name: 'Search or go to' })
    await field.waitFor()
    await expect.poll(() => hasFocus(page, '[role=combobox]')).toBe(true)
    expect(await findings(page)).toEqual([])
    await picture(page, 'palette')
    await press(page, 'Escape')
    await field.waitFor({ state: 'hidden' })
    await expect.poll(() => hasFocus(page, '#main input[type=search]')).toBe(true)
    await press(page, 'ControlOrMeta+k')
    await expect.poll(() => hasFocus(page, '[role=combobox]')).toBe(true)
    await page.keyboard.type('restart')
    const option = (name: RegExp) => page.getByRole('option', { name })
    await option(/^Restart a service restart-service Run$/).waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'palette-found')
    await press(page, 'Enter')
    await page.waitForURL('**/run/restart-service')
    const [execution] = (await ask<{ items: { id: string }[] }>(page, 'GET /api/v1/executions')).items
    await page.getByRole('button', { name: 'Search or go to' }).click()
    await page.keyboard.type(`#${execution?.id}`)
    await option(new RegExp(` #${execution?.id} `)).waitFor()
    await press(page, 'ArrowDown', 'ArrowUp', 'Enter')
    await page.waitForURL(`**/executions/${execution?.id}`)
  })

  it('offers what the page can do where it can', async () => {
    const { page } = stage
    await toScreen('held execution')
    await press(page, 'ControlOrMeta+k')
    await page.getByRole('option', { name: 'Timeline' }).waitFor()
    await page.keyboard.type('timel')
    await press(page, 'Enter')
    await page.waitForURL('**tab=timeline')
  })

  it('jumps over the navigation', async () => {
    const { page } = stage
    await page.goto('/executions')
    await page.locator('.f-row-link').first().waitFor()
    await press(page, 'Tab')
    const skip = page.getByRole('link', { name: 'Skip to content' })
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
    expect((await skip.boundingBox())?.x).toBeGreaterThanOrEqual(0)
    await press(page, 'Enter')
    expect(await focused(page)).toBe('main')
  })

  it('shows where the focus is, on everything that takes it', async () => {
    const { page } = stage
    for (const name of ['executions', 'held execution', 'tasks']) {
      await toScreen(name)
      await page.locator('body').press('Tab')
      const unseen = new Set<string>()
      for (let step = 0; step < 25; step++) {
        const place = await page.evaluate(describeFocus)
        if (place) unseen.add(`${name}: ${place}`)
        await press(page, 'Tab')
      }
      expect([...unseen]).toEqual([])
    }
  })

  it('keeps the focus in a dialog, and gives it back', async () => {
    const { page } = stage
    await toScreen('held execution')
    const terminate = page.getByRole('button', { name: 'Terminate', exact: true })
    await terminate.focus()
    await press(page, 'Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').waitFor()
    await expect.poll(() => hasFocus(page, '[role=dialog] textarea')).toBe(true)
    for (let step = 0; step < 6; step++) {
      await press(page, step < 3 ? 'Tab' : 'Shift+Tab')
      // Between the last and the first it is with the browser's own bars.
      expect(await hasFocus(page, '.ant-modal-root *, body')).toBe(true)
    }
    await press(page, 'Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => terminate.evaluate((button) => button === document.activeElement)).toBe(true)
  })

  it('opens menus, chooses and leaves them', async () => {
    const { page } = stage
    const languages = page.getByRole('button', { name: 'Language', exact: true })
    await languages.focus()
    await press(page, 'Enter')
    await page.getByRole('menuitem', { name: 'Русский' }).waitFor()
    await press(page, 'Escape')
    await page.getByRole('menuitem', { name: 'Русский' }).waitFor({ state: 'hidden' })
    const isBack = () => languages.evaluate((button) => button === document.activeElement)
    await expect.poll(isBack).toBe(true)
    await press(page, 'Enter')
    await expect.poll(() => hasFocus(page, '[role=menuitem]')).toBe(true)
    await press(page, 'Enter')
    await page.getByRole('menuitem', { name: 'Русский' }).waitFor({ state: 'hidden' })
    await expect.poll(isBack).toBe(true)
  })
})

/** Runs in the page: what has the focus, when nothing shows that it has. */
function describeFocus(): string | undefined {
  const element = document.activeElement
  if (!element || element === document.body) return undefined
  const marked = [element, ...element.querySelectorAll('*')].slice(0, 3)
  for (let up = element.parentElement, level = 0; up && level < 4; up = up.parentElement, level++)
    marked.push(up)
  const looks = (style: CSSStyleDeclaration) =>
    (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  const shows = marked.some((one) =>
    [undefined, '::after', '::before'].some((part) => looks(getComputedStyle(one, part))),
  )
  return shows ? undefined : `${element.tagName}.${element.className}`
}
