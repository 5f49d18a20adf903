// Every screen of the console and its dialogs, for tests that look at all of them.
import type { Page } from 'playwright-core'

export interface Dialog {
  click: string | string[]
  ready: string
}

export interface Screen {
  name: string
  url: string
  /** Selector of what is there once the page is drawn. */
  ready: string
  /** What is opened on it, by name: what to click, one after the other, and what appears then. */
  dialogs?: Record<string, Dialog>
}

/** Ids that differ from one demo world to the next. */
interface Known {
  held: string
  completed: string
  task: string
  target: string
  /** Waits for people. */
  liveBatch: string
  stoppedBatch: string
}

/** As the console asks; the answer as JSON. */
export function ask<T>(page: Page, line: `${'GET' | 'POST' | 'PUT'} ${string}`, body?: object): Promise<T> {
  const [method, path] = line.split(' ', 2) as [string, string]
  return page.evaluate(
    async ({ method: verb, path: to, body: sent }) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(to, {
        method: verb,
        ...(sent ? { headers, body: JSON.stringify(sent) } : {}),
      })
      if (!answer.ok) throw new Error(`${verb} ${to}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    { method, path, body },
  ) as Promise<T>
}

type Rows = { items: { id: string }[] }

/** The first of a list, once there is one. */
export async function firstOf(page: Page, path: string): Promise<string> {
  const deadline = Date.now() + 90_000
  while (Date.now() < deadline) {
    const { items } = await ask<Rows>(page, `GET ${path}`)
    if (items[0]) return items[0].id
    await page.waitForTimeout(100)
  }
  throw new Error(`${path} answered nothing`)
}

/** A restart, approved, that is held on the host whose disk is full. */
export async function holdOne(page: Page, target: string): Promise<string> {
  const started = await ask<{ id: string }>(page, 'POST /api/v1/executions', {
    workflow: 'restart-service',
    target: { collection: 'app_instance', id: target },
    inputs: { reason: 'The API answers slowly' },
  })
  const task = await firstOf(page, `/api/v1/tasks?execution=${started.id}`)
  await ask(page, `POST /api/v1/tasks/${task}/approve`, {})
  // The demo world may hold another one.
  const deadline = Date.now() + 90_000
  while (Date.now() < deadline) {
    const { attention } = await ask<{ attention: boolean }>(page, `GET /api/v1/executions/${started.id}`)
    if (attention) return started.id
    await page.waitForTimeout(100)
  }
  throw new Error(`Execution ${started.id} was not held`)
}

/** One that waits for approvals, and one that its stop rule has stopped. */
async function makeBatches(page: Page): Promise<Pick<Known, 'liveBatch' | 'stoppedBatch'>> {
  const make = async (body: object) =>
    (await ask<{ id: string }>(page, 'POST /api/v1/batches', { ...body, conditions: ["[name like '%']"] })).id
  const targetsOf = async (workflow: string, q: string) =>
    (await ask<Rows>(page, 'POST /api/v1/batches/search', { workflow, q })).items.map(({ id }) => id)
  const liveBatch = await make({
    workflow: 'restart-service',
    targets: await targetsOf('restart-service', 'crm'),
    inputs: { reason: 'The API answers slowly' },
    parallel: 1,
  })
  const stoppedBatch = await make({
    ...{ workflow: 'disk-clean-up', targets: await targetsOf('disk-clean-up', 'shop'), parallel: 1 },
    ...{ inputs: { threshold: 10 }, stopCount: 0 },
  })
  const deadline = Date.now() + 20_000
  const isStopped = async () =>
    (await ask<{ endedAt?: string }>(page, `GET /api/v1/batches/${stoppedBatch}`)).endedAt !== undefined
  while (!(await isStopped())) {
    if (Date.now() > deadline) throw new Error('The batch was not stopped')
    await page.waitForTimeout(100)
  }
  return { liveBatch, stoppedBatch }
}

export async function findScreens(page: Page): Promise<Screen[]> {
  const task = await firstOf(page, '/api/v1/tasks?box=all&status=open')
  const target = await firstOf(page, '/api/v1/workflows/restart-service/targets?q=pay-api-1')
  const held = await holdOne(page, target)
  return screensOf({
    held,
    completed: await firstOf(page, '/api/v1/executions?status=completed&workflow=canary-patch'),
    task,
    target: `app_instance:${target}`,
    ...(await makeBatches(page)),
  })
}

const screensOf = ({ held, completed, task, target, ...batches }: Known): Screen[] => [
  { name: 'home', url: '/', ready: '.f-section' },
  { name: 'run', url: '/run', ready: '.f-row-link' },
  { name: 'preview without target', url: '/run/restart-service', ready: '.f-empty' },
  {
    name: 'preview',
    url: `/run/restart-service?target=${target}`,
    ready: '.f-card',
    dialogs: {
      node: { click: '.f-card[data-node=restart]', ready: '.f-detail .ant-checkbox' },
      record: { click: '.f-rec[data-box="host:pay-03"]', ready: '.f-detail .f-facts' },
      'nodes and their records': { click: '.f-pane-head button >> nth=0', ready: '.f-over-node' },
      'records and their nodes': { click: '.f-pane-head button >> nth=1', ready: '.ant-drawer-body td' },
    },
  },
  {
    name: 'executions',
    // The held one may be acted on; the newest may have ended.
    url: '/executions?attention=yes',
    ready: '.f-row-link',
    dialogs: {
      'act on one': { click: '.f-row-acts button', ready: '.ant-modal textarea' },
      'act on those ticked': {
        click: [
          // Of one that is under way: for what has ended no act may be legal.
          'tbody tr:has(.f-badge[data-status=waiting]) .ant-checkbox-input',
          '.f-bulk-bar button:not(:disabled)',
        ],
        ready: '.ant-modal textarea',
      },
    },
  },
  ...batchScreens(batches),
  { name: 'nothing found', url: '/executions?q=nothing-is-called-so', ready: '.f-empty' },
  {
    name: 'held execution',
    url: `/executions/${held}`,
    ready: '.f-card',
    dialogs: {
      retry: { click: '.f-trouble .ant-btn-primary', ready: '.ant-modal textarea' },
      terminate: { click: '.f-head .ant-btn-dangerous', ready: '.ant-modal textarea' },
      legend: { click: '.f-canvas-controls button:last-child', ready: '.f-legend' },
      others: { click: '.f-neighbours button', ready: '.f-others' },
    },
  },
  { name: 'timeline of an execution', url: `/executions/${held}?tab=timeline`, ready: '.f-timeline-bar' },
  { name: 'records of an execution', url: `/executions/${held}?side=both`, ready: '[data-box]' },
  {
    name: 'settings of a node run',
    url: `/executions/${held}?run=restart%5Bpay-03%5D&view=settings`,
    ready: '.f-settings',
  },
  { name: 'past of an execution', url: `/executions/${held}?t=5`, ready: '.f-card' },
  { name: 'table of an execution', url: `/executions/${completed}?tab=table`, ready: '.f-exec-view table' },
  { name: 'log of an execution', url: `/executions/${completed}?tab=log`, ready: '.f-exec-view li' },
  { name: 'schedules', url: '/schedules', ready: '.f-page' },
  { name: 'new schedule', url: `/schedules?from=${completed}`, ready: '.ant-modal ol > li' },
  { name: 'history of schedules', url: '/schedules?view=history', ready: '.f-row-link' },
  { name: 'reports', url: '/reports', ready: '.f-chart svg' },
  { name: 'failures', url: '/reports?tab=failures', ready: '.f-error-text' },
  { name: 'tasks', url: `/tasks?task=${task}`, ready: '.f-beside aside' },
  {
    name: 'workflows',
    url: '/workflows',
    ready: '.f-row-link',
    dialogs: { import: { click: '.f-filters > .ant-btn', ready: '.ant-modal' } },
  },
  { name: 'workflow', url: '/workflows/restart-service', ready: '.f-card' },
  { name: 'data', url: '/data', ready: '.f-row-link' },
  { name: 'record', url: '/data?collection=host&record=pay-03', ready: '.ant-drawer .f-facts' },
  { name: 'workers', url: '/admin/workers', ready: '.f-table td' },
  { name: 'not found', url: '/nowhere', ready: '.f-empty' },
]

const asksForReason = '.ant-modal textarea'
const batchAct = (place: number) => `.f-head .ant-btn >> nth=${place}`
const where = encodeURIComponent(
  JSON.stringify([{ step: 'app_instances', field: 'status', operator: '=', value: 'running' }]),
)

const batchScreens = ({ liveBatch, stoppedBatch }: Pick<Known, 'liveBatch' | 'stoppedBatch'>): Screen[] => [
  { name: 'batches', url: '/batches', ready: '.f-row-link' },
  { name: 'no batches', url: '/batches?batchState=paused', ready: '.f-empty' },
  { name: 'new batch', url: `/run/disk-clean-up/many?where=${where}`, ready: '.f-many-row' },
  { name: 'new batch, none found', url: '/run/disk-clean-up/many?q=nowhere', ready: '.f-empty' },
  { name: 'new batch without target', url: '/run/onboarding-approval/many', ready: '.f-empty' },
  {
    name: 'live batch',
    url: `/batches/${liveBatch}`,
    ready: '.f-square',
    dialogs: {
      pause: { click: batchAct(0), ready: asksForReason },
      stop: { click: batchAct(1), ready: asksForReason },
    },
  },
  {
    name: 'stopped batch',
    url: `/batches/${stoppedBatch}`,
    ready: '.f-square[data-status=failed]',
    dialogs: {
      resume: { click: batchAct(0), ready: asksForReason },
      retry: { click: batchAct(1), ready: asksForReason },
    },
  },
  { name: 'table of a batch', url: `/batches/${stoppedBatch}?look=table`, ready: '.f-batch-body td' },
  { name: 'no such batch', url: '/batches/999999', ready: '.f-empty' },
]

const patience = { timeout: 20_000 }

interface WithRouter {
  __TSR_ROUTER__: { navigate(to: { href: string }): Promise<void> }
}

/** From page to page, as a link leads; until the other one is drawn, since the one before stays to be seen till then. */
export const follow = (page: Page, url: string): Promise<void> =>
  page.evaluate((href) => (window as unknown as WithRouter).__TSR_ROUTER__.navigate({ href }), url)

/** To a page of the console without loading it anew. */
export async function go(page: Page, { url, ready }: Pick<Screen, 'url' | 'ready'>): Promise<void> {
  await follow(page, url)
  await page.locator(ready).first().waitFor(patience)
  await page.waitForFunction(() => !document.querySelector('.f-loading'), undefined, patience)
}

/** As the switches of the top bar do, which remember the choice. */
export async function remember(page: Page, name: 'theme' | 'language', value: string): Promise<void> {
  await page.evaluate(
    ([key = '', chosen = '']) => {
      localStorage.setItem(key, chosen)
      window.dispatchEvent(new StorageEvent('storage', { key }))
    },
    [`fermata.${name}`, value],
  )
}

/** Opens a dialog, looks at it, and closes it by Escape. */
export async function open(page: Page, { click, ready }: Dialog, look: () => Promise<void>): Promise<void> {
  for (const place of [click].flat()) await page.locator(place).first().click(patience)
  const dialog = page.locator(ready).first()
  await dialog.waitFor(patience)
  await look()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden', ...patience })
}
