// Pictures of the guide, taken with UPDATE_PICTURES=1; with PICTURES=<folder> they go there, to be looked at.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { setPictureFont } from './browser.ts'

const guide = join(import.meta.dirname, '../../docs/guide')

export const takesPictures = process.env.UPDATE_PICTURES === '1'

export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES ?? (takesPictures ? guide : undefined)
  if (folder === undefined) return
  await setPictureFont(page)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/** Chooses a language in the top bar; `menu` is what the menu is called in the present one. */
export async function choose(page: Page, menu: string, language: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click()
  await page.locator('.ant-dropdown:visible').getByText(language).click()
}

/** Takes a picture of the page in the dark, in Chinese and in Russian, and comes back. */
export async function pictureVariants(
  page: Page,
  name: string,
  titles: { zh: string; ru: string },
): Promise<void> {
  await page.getByRole('button', { name: 'Dark theme' }).click()
  await page.getByRole('button', { name: 'Light theme' }).waitFor()
  await picture(page, `${name}-dark`)
  await page.getByRole('button', { name: 'Light theme' }).click()
  await choose(page, 'Language', '简体中文')
  await page.getByText(titles.zh).first().waitFor()
  await picture(page, `${name}-zh`)
  await choose(page, '语言', 'Русский')
  await page.getByText(titles.ru).first().waitFor()
  await picture(page, `${name}-ru`)
  await choose(page, 'Язык', 'English')
}
