// Chromium from npm, with a Chinese font from npm: a fresh machine has neither.
import { mkdir, readFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core'

const fontDir = dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-sc/package.json')))
/** Flags for containers without a display are ours to keep; these two Playwright sets itself or cannot bear. */
const unwanted = (flag: string): boolean => flag === '--single-process' || flag.startsWith('--headless')

/** The package unpacks into the temporary folder, where another user's copy may lie: each user gets a folder. */
async function unpackBrowser(): Promise<string> {
  const folder = join(tmpdir(), `fermata-chromium-${userInfo().username}`)
  await mkdir(folder, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    return await chromium.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

export async function launchBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false
  return playwright.launch({
    executablePath: await unpackBrowser(),
    args: chromium.args.filter((flag) => !unwanted(flag)),
    headless: true,
  })
}

export interface Visitor {
  page: Page
  context: BrowserContext
  /** What the browser complained about: errors in scripts, refusals of the content security policy. */
  complaints: string[]
}

export async function visit(browser: Browser, baseURL: string): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[134]/.test(message.text()))
      complaints.push(message.text())
  })
  return { page, context, complaints }
}

/** One font for every picture: machines differ, and some have no Chinese. */
export async function setPictureFont(page: Page): Promise<void> {
  await page.route('**/test-fonts/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/test-fonts/')[1] ?? ''
    await route.fulfill({ body: await readFile(join(fontDir, 'files', name)), contentType: 'font/woff2' })
  })
  const css = await readFile(join(fontDir, 'index.css'), 'utf8')
  const content = css
    .replaceAll("'Noto Sans SC Variable'", "'Noto Sans SC'")
    .replaceAll('url(./files/', 'url(/test-fonts/')
    .concat(`:not(code, .f-code, .f-code *, pre) { font-family: 'Noto Sans SC' !important }
      code, .f-code, .f-code *, pre { font-family: monospace, 'Noto Sans SC' !important }`)
  await page.addStyleTag({ content })
}
