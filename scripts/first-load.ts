// What a browser loads of the built console before any lazy part.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Of the first load: its budget. */
export const firstLoadBudgetKb = 350

export const gzipKb = (file: string): number => gzipSync(readFileSync(file)).length / 1024

/** The files index.html asks for: its scripts, what they import statically, and styles. */
export function firstLoadOf(outDir: string): { files: string[]; kb: number } {
  const html = readFileSync(join(outDir, 'index.html'), 'utf8')
  const wanted = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    (match) => match[1] ?? '',
  )
  const seen = new Set<string>()
  while (wanted.length > 0) {
    const file = wanted.pop() ?? ''
    if (seen.has(file)) continue
    seen.add(file)
    if (file.endsWith('.js')) wanted.push(...staticImports(readFileSync(join(outDir, file), 'utf8')))
  }
  const files = [...seen]
  return { files, kb: files.reduce((sum, file) => sum + gzipKb(join(outDir, file)), 0) }
}

function staticImports(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)].map(
    (match) => `assets/${match[1]}`,
  )
}
