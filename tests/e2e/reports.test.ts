// Reports in a real browser on the demo world: charts and their tables, from a figure to its executions.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picture, pictureVariants } from './pictures.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  await stage.page.getByRole('link', { name: 'Reports' }).waitFor()
})

afterAll(() => stage?.close())

const figure = (page: Page, name: string) => page.getByRole('region', { name })
const table = (page: Page, name: string) => page.getByRole('table', { name })

describe('the reports', () => {
  it('show figures of workflows as charts and tables, and open the executions behind a number', async () => {
    const { page } = stage
    // The past of the demo is played first, and only then moved back in time.
    await expect
      .poll(async () => (await page.request.get('/api/v1/executions?status=paused')).text(), {
        timeout: 90_000,
      })
      .toContain('restart-service')
    await page.goto('/reports')
    const workflows = table(page, 'Workflows')
    await workflows.getByRole('link', { name: 'Restart a service' }).waitFor()
    const chart = figure(page, 'Executions over time')
    await chart.locator('.f-chart svg').waitFor()
    await picture(page, 'reports')
    await chart.getByRole('button', { name: 'Table' }).click()
    await table(page, 'Over time').getByRole('row').nth(7).waitFor()
    await chart.getByRole('button', { name: 'Chart' }).click()
    const row = workflows.getByRole('row', { name: /Restart a service/ })
    const rejected = row.getByRole('link', { name: '2', exact: true }).first()
    await rejected.click()
    await page.waitForURL(/\/executions\?.*status=rejected/)
    await expect
      .poll(
        () => page.getByRole('table', { name: 'Executions' }).locator('[data-status="rejected"]').count(),
        {
          timeout: 20_000,
        },
      )
      .toBe(2)
  })

  it('go from a workflow to its nodes, and from a failure to its executions; the address holds it all', async () => {
    const { page } = stage
    await page.goto('/reports?period=30d')
    await table(page, 'Workflows').getByRole('link', { name: 'Restart a service' }).click()
    await page.waitForURL(/workflow=restart-service/)
    await table(page, 'Nodes').getByRole('link', { name: 'Restart the service' }).click()
    await figure(page, 'Node runs over time').locator('.f-chart svg').waitFor()
    await picture(page, 'reports-nodes')
    // What a number of a node opens, and says it opens: executions.
    const node = table(page, 'Nodes').getByRole('row', { name: /Restart the service/ })
    const [runs, failed] = [/executions of the workflow/, /in which this node failed/].map((title) =>
      node.getByTitle(title).first(),
    )
    expect(await failed?.getAttribute('href')).toMatch(/failedNode=restart\b/)
    await runs?.click()
    await page.waitForURL(/\/executions\?(?=.*workflow=restart-service)(?=.*from=)(?!.*failedNode)/)
    await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().waitFor()
    await page.goBack()
    await page.reload()
    await figure(page, 'Node runs over time').locator('.f-chart svg').waitFor()
    await page.getByRole('button', { name: 'Node: Restart the service ×' }).click()
    await page.getByRole('tab', { name: 'Failures' }).click()
    const failures = table(page, 'Failures')
    await failures
      .getByText(/No space left/)
      .first()
      .waitFor()
    await picture(page, 'reports-failures')
    await failures
      .getByRole('row', { name: /No space left/ })
      .getByRole('link')
      .first()
      .click()
    await page.waitForURL(/failedNode=restart/)
    await page.getByRole('table', { name: 'Executions' }).getByRole('link').first().waitFor()
  })

  it('compare node types, and say so when nothing ran', async () => {
    const { page } = stage
    await page.goto('/reports?tab=types')
    await table(page, 'Node types').getByRole('link', { name: 'SSH command' }).click()
    await page.waitForURL(/nodeType=ssh-command/)
    await figure(page, 'Node runs over time').locator('.f-chart svg').waitFor()
    await page.goto('/reports?from=2020-01-01T00:00:00.000Z&to=2020-01-05T00:00:00.000Z')
    await page.getByText('Nothing ran in this time').first().waitFor()
    await picture(page, 'reports-empty')
  })

  it('speak three languages, in light and dark', async () => {
    const { page } = stage
    await page.goto('/reports')
    await figure(page, 'Executions over time').locator('.f-chart svg').waitFor()
    await pictureVariants(page, 'reports', { zh: '执行数量趋势', ru: 'Выполнения по времени' })
    await figure(page, 'Executions over time').waitFor()
    expect(stage.complaints).toEqual([])
  })
})
