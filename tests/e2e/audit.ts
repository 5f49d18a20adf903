// What a picture of a page does not tell: findings of axe, and texts that do not fit their place.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

interface AxeResults {
  violations: {
    id: string
    impact: string | null
    nodes: { target: unknown[]; failureSummary?: string }[]
  }[]
}

/** Serious and critical findings, one line each. `rules`: only these. */
export async function findings(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The policy of the page forbids scripts of others; evaluating is not bound by it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const results = (await page.evaluate((only) => {
    const { axe } = window as unknown as { axe: { run(where: Document, options: object): Promise<unknown> } }
    const runOnly = only ? { runOnly: { type: 'rule', values: only } } : {}
    return axe.run(document, { resultTypes: ['violations'], ...runOnly })
  }, rules)) as AxeResults
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = failureSummary?.split('\n').slice(1, 3).join(' ').replace(/\s+/g, ' ').trim()
        return `${id}: ${target.join(' ')} (${why})`
      }),
    )
}

/** Controls whose words are ours, so that they must fit in every language. */
const controls = [
  'button',
  '[role=tab]',
  'th',
  'dt',
  'label',
  '.f-badge',
  '.f-chip:not(.react-flow *)',
  '.ant-tag',
  '.ant-segmented-item',
  '.f-rail a',
  '.ant-modal-title',
  'h1',
  'h2',
].join(',')

/** Texts that reach out of their control or out of the page, and placeholders that are cut. */
export async function overflows(page: Page): Promise<string[]> {
  const [wide, texts, placeholders] = await Promise.all([
    page.evaluate(findWide),
    page.evaluate(findTextsOutside, controls),
    page.evaluate(findCutPlaceholders),
  ])
  return [...wide, ...texts, ...placeholders]
}

// These run in the page: each has all it needs within itself.

function findWide(): string[] {
  const places = [document.documentElement, ...document.querySelectorAll('#main, .ant-modal-body')]
  return places
    .filter((place) => place.scrollWidth > place.clientWidth + 1)
    .map((place) => `what is in ${place.id || place.className || 'the window'} is wider than it`)
}

function findTextsOutside(selector: string): string[] {
  // What people have named may be cut; folded, the rail shows icons only.
  const exempt = '[data-names], .f-hidden-text, .f-card, .f-frame, .f-rail:not([data-pinned])'
  const isOut = (text: Node, box: DOMRect): boolean => {
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, right, top, bottom, width } = range.getBoundingClientRect()
    if (width <= 2) return false
    return left < box.left - 1.5 || right > box.right + 1.5 || top < box.top - 6 || bottom > box.bottom + 6
  }
  const textsOf = (element: Element): Node[] => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const texts: Node[] = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    return texts.filter((text) => text.textContent?.trim() && !text.parentElement?.closest('.f-hidden-text'))
  }
  return [...document.querySelectorAll(selector)]
    .filter((control) => control.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((control) => !control.closest(exempt))
    .flatMap((control) => {
      const box = control.getBoundingClientRect()
      const out = textsOf(control).filter((text) => isOut(text, box))
      return out.map((text) => `${control.tagName} "${text.textContent?.trim()}"`)
    })
}

function findCutPlaceholders(): string[] {
  const pen = document.createElement('canvas').getContext('2d')
  return [...document.querySelectorAll<HTMLInputElement>('input[placeholder]')]
    .filter((input) => input.checkVisibility({ visibilityProperty: true }))
    .filter((input) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(input)
      if (pen) pen.font = font
      const room = input.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      return (pen?.measureText(input.placeholder).width ?? 0) > room + 1
    })
    .map((input) => `placeholder "${input.placeholder}" in ${input.clientWidth} px`)
}

/** Whether Chinese is drawn as Chinese: two words of different shape are two different pictures. */
export function drawsChinese(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((place) => {
    const family = getComputedStyle(document.querySelector(place) ?? document.body).fontFamily
    const draw = (text: string) => {
      const canvas = document.createElement('canvas')
      const pen = canvas.getContext('2d')
      if (!pen) return ''
      pen.font = `24px ${family}`
      pen.fillText(text, 2, 26)
      return canvas.toDataURL()
    }
    return draw('编') !== draw('排')
  }, selector)
}
