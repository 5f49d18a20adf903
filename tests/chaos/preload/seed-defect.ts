// Loaded before everything else into a child process (`node --import`): FERMATA_DEFECT names the defect it gets.
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { allDefects } from '../defects/all-defects.ts'
import { root, seedDefect } from '../defects/defect.ts'

const name = process.env.FERMATA_DEFECT
const defect = allDefects.find((other) => other.name === name)
if (!defect) throw new Error(`There is no defect '${name}'`)
const place = pathToFileURL(join(root, defect.file)).href

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== place) return loaded
    return { ...loaded, source: seedDefect(defect, String(loaded.source)), shortCircuit: true }
  },
})
