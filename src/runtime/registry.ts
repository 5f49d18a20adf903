// Node types are found by listing folders: nothing imports them, a new folder is all a new type needs.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AppError } from '../core/errors.ts'
import type { NodeType } from '../sdk/node-type.ts'

export const builtInNodes = fileURLToPath(new URL('../nodes', import.meta.url))

/** Loads the built-in node types and those of the given plugin folders; names must be unique. */
export async function loadNodeTypes(pluginFolders: readonly string[] = []): Promise<Map<string, NodeType>> {
  const types = new Map<string, NodeType>()
  for (const folder of [builtInNodes, ...pluginFolders]) {
    for (const entry of await typeFolders(folder)) {
      const nodeType = await loadType(entry)
      if (types.has(nodeType.type)) {
        throw new AppError(
          'config-invalid',
          `Two folders define the node type '${nodeType.type}'; one is ${entry}.`,
        )
      }
      types.set(nodeType.type, nodeType)
    }
  }
  return types
}

async function typeFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter((entry) => existsSync(join(entry, 'index.ts')) || existsSync(join(entry, 'index.js')))
    .sort()
}

async function loadType(folder: string): Promise<NodeType> {
  const file = ['index.ts', 'index.js'].map((name) => join(folder, name)).find(existsSync) as string
  const module = (await import(pathToFileURL(file).href)) as { nodeType?: NodeType }
  if (!module.nodeType?.type || !module.nodeType.run) {
    throw new AppError('config-invalid', `${file} exports no 'nodeType'.`)
  }
  return module.nodeType
}
