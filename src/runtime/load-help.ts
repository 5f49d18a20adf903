// The help of node types: the README in each folder, shown in the designer.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { builtInNodes } from './registry.ts'

/** By node type. The folder is named like the type. */
export async function loadHelp(pluginFolders: readonly string[] = []): Promise<Map<string, string>> {
  const help = new Map<string, string>()
  for (const folder of [builtInNodes, ...pluginFolders]) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const text = await readFile(join(folder, entry.name, 'README.md'), 'utf8').catch(() => undefined)
      if (text !== undefined) help.set(entry.name, text)
    }
  }
  return help
}
