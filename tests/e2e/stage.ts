// What nearly every file here plays on: a server of its own, a browser, and the administrator signed in.
import type { Browser } from 'playwright-core'
import { launchBrowser, type Visitor, visit } from './browser.ts'
import { firstOf } from './screens.ts'
import { type E2eServer, startServer } from './server.ts'

export interface Stage extends Visitor {
  browser: Browser
  server: E2eServer
  /** Another browser profile, not signed in. */
  visit(): Promise<Visitor>
  close(): Promise<void>
}

export async function openStage(settings: Record<string, string> = {}): Promise<Stage> {
  const browser = await launchBrowser()
  let server: E2eServer | undefined
  const close = async () => {
    await browser.close()
    await server?.stop()
  }
  try {
    server = await startServer(settings)
    const { url, link } = server
    const administrator = await visit(browser, url)
    await administrator.page.goto(link)
    await administrator.page.locator('.f-rail').waitFor()
    // Lists do not grow by themselves: the demo world has told its past first. Its tasks come last.
    if (settings.FERMATA_DEMO !== '0') await firstOf(administrator.page, '/api/v1/tasks?box=all&status=open')
    return { ...administrator, browser, server, visit: () => visit(browser, url), close }
  } catch (error) {
    await close()
    throw error
  }
}
