// Every page and dialog looked at by axe in light and dark, and measured for texts that do not fit in any language.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findings, overflows } from './audit.ts'
import { findScreens, go, open, remember, type Screen } from './screens.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let screens: Screen[]

beforeAll(async () => {
  stage = await openStage()
  const { page } = stage
  screens = await findScreens(page)
})

afterAll(() => stage?.close())

type Look = (page: Page) => Promise<string[]>

/** What is found on each screen and in each of its dialogs. */
async function lookAtAll(look: Look): Promise<string[]> {
  const { page } = stage
  const found: string[] = []
  const note = async (name: string) => void found.push(...(await look(page)).map((one) => `${name}: ${one}`))
  // One that does not open is a finding, and the others are looked at all the same.
  const visitPlace = (name: string, arrive: (then: () => Promise<void>) => Promise<void>) =>
    arrive(() => note(name)).catch((error: Error) => found.push(`${name}: ${error.message.split('\n')[0]}`))
  for (const screen of screens) {
    await visitPlace(screen.name, (then) => go(page, screen).then(then))
    for (const [name, dialog] of Object.entries(screen.dialogs ?? {}))
      await visitPlace(`${screen.name}, ${name}`, (then) => open(page, dialog, then))
  }
  return found
}

describe('every page', () => {
  it('has nothing that axe calls serious, in light', async () => {
    await remember(stage.page, 'theme', 'light')
    expect(await lookAtAll((page) => findings(page))).toEqual([])
  })

  it('keeps its contrasts in dark', async () => {
    await remember(stage.page, 'theme', 'dark')
    expect(await lookAtAll((page) => findings(page, ['color-contrast']))).toEqual([])
    await remember(stage.page, 'theme', 'light')
  })

  it.each(['ru', 'zh', 'en'])('has a place for its words in %s', async (language) => {
    const { page } = stage
    await page.setViewportSize({ width: 1280, height: 800 })
    await remember(page, 'language', language)
    await page.goto('/')
    await page.locator('.f-rail').waitFor()
    expect(await lookAtAll(overflows)).toEqual([])
  })

  it('can be worked with in Russian at 200 %', async () => {
    const { page } = stage
    await page.setViewportSize({ width: 720, height: 450 })
    // Not where the rail would unfold.
    await page.mouse.move(700, 20)
    await remember(page, 'language', 'ru')
    /** What can be clicked: nothing lies over it, and it is not cut off. */
    const isOnTop = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          element.scrollIntoView({ block: 'center' })
          const { x, y, width, height } = element.getBoundingClientRect()
          return element.contains(document.elementFromPoint(x + width / 2, y + height / 2))
        })
    const wanted = {
      'held execution': [
        '.f-trouble .ant-btn-primary',
        '.f-exec-tabs .ant-tabs-tab',
        '.f-card',
        '.f-scrubber button',
      ],
      preview: [
        '.f-preview-title .ant-btn',
        '.f-preview-title button:last-child',
        '.f-card',
        '.f-head .ant-btn-primary',
      ],
    }
    for (const [name, selectors] of Object.entries(wanted)) {
      const screen = screens.find((one) => one.name === name)
      if (!screen) throw new Error(`There is no screen ${name}`)
      await go(page, screen)
      for (const selector of selectors)
        await expect
          .poll(() => isOnTop(selector), { timeout: 10_000, message: `${name} ${selector}` })
          .toBe(true)
    }
    await remember(page, 'language', 'en')
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('of somebody who is not signed in asks for a name, and is sound too', async () => {
    const { page, context } = await stage.visit()
    await page.goto('/executions')
    await page.locator('.f-signin input').first().waitFor()
    const found = await findings(page)
    await remember(page, 'theme', 'dark')
    expect([...found, ...(await findings(page, ['color-contrast']))]).toEqual([])
    await context.close()
  })

  it('leaves no complaint of the browser', () => {
    expect(stage.complaints).toEqual([])
  })
})
