// English in a console of another language: whatever is shown that neither the server gave nor is code.
import type { Page } from 'playwright-core'

/** Texts that the server gives from now on; of one in several languages, the English is no excuse. */
export function noteData(page: Page): ReadonlySet<string> {
  const data = new Set<string>()
  page.on('response', async (response) => {
    if (!response.url().includes('/api/v1/')) return
    note(await response.json().catch(() => undefined), data)
  })
  return data
}

function note(value: unknown, data: Set<string>): void {
  if (typeof value === 'string') for (const line of value.split('\n')) data.add(line.trim())
  if (typeof value !== 'object' || value === null) return
  const isText = 'en' in value && 'zh' in value
  for (const [key, item] of Object.entries(value)) if (!isText || key !== 'en') note(item, data)
}

/** Said by parts that come from others, and cannot be told another: by React Flow, by antd, and how times are written. */
const ofOthers =
  /React Flow( attribution)?|(Increase|Decrease) Value|Toggle (start|end) panel|HH:mm:ss|YYYY-MM-DD/g
const english = /[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}/

/** Texts, and names of what has no text, with two words of English in a row. */
export async function englishIn(page: Page, data: ReadonlySet<string>): Promise<string[]> {
  const texts = (await page.evaluate(readTexts)).filter((text) => english.test(text.replace(ofOthers, '')))
  // A single word of data excuses no sentence, unless it is plainly a name.
  const names = [...data].filter((text) => english.test(text) || /[A-Za-z].*[-_.:\d]/.test(text))
  const longestFirst = names.sort((one, other) => other.length - one.length)
  return texts.filter((text) =>
    english.test(longestFirst.reduce((rest, name) => rest.replaceAll(name, '·'), text.replace(ofOthers, ''))),
  )
}

// Runs in the page: it has all it needs within itself.
function readTexts(): string[] {
  const code = 'code, pre, .f-code, .f-json, [lang=en], textarea, script, style'
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: string[] = []
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode
    if (parentElement?.checkVisibility() && !parentElement.closest(code)) texts.push(textContent ?? '')
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (!element.closest(code)) texts.push(element.getAttribute(name) ?? '')
  return [...new Set(texts.map((text) => text.trim()))]
}
