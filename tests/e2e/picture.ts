// Pictures of the guide, taken with UPDATE_PICTURES=1.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { setPictureFont } from './browser.ts'

const guide = join(import.meta.dirname, '../../docs/guide')

export const takesPictures = process.env.UPDATE_PICTURES === '1'

export async function picture(page: Page, name: string): Promise<void> {
  if (!takesPictures) return
  await setPictureFont(page)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path: join(guide, `${name}.png`), animations: 'disabled' })
}

/** Language or theme, by the name of its menu. */
export async function choose(page: Page, menu: string, language: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click()
  await page.locator('.ant-dropdown:visible').getByText(language).click()
}
