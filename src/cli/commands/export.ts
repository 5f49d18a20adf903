import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { getVersion, getWorkflow } from '../../api/contract/workflows.ts'
import { printJson as printDocumentJson, printYaml } from '../../core/print/print.ts'
import { type Io, note } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { readInteger } from '../read-options.ts'

interface Options {
  version?: number
  format: 'yaml' | 'json'
  output?: string
  as: string
  json?: boolean
}

export function addExport(program: Command, io: Io): void {
  program
    .command('export')
    .description('print the document of a workflow')
    .argument('<workflow>', 'key of the workflow')
    .option('--version <number>', 'this version instead of the published one', readInteger(1, 2 ** 31 - 1))
    .addOption(new Option('--format <format>', 'how').choices(['yaml', 'json']).default('yaml'))
    .option('--output <file>', 'write it there instead')
    .option('--as <user>', 'without FERMATA_URL: read as this user', 'admin')
    .option('--json', 'the same as --format json')
    .action((key: string, { version, format, output, as, json = false }: Options) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const { document } =
          version === undefined
            ? await client.call(getWorkflow, { params: { key } })
            : await client.call(getVersion, { params: { key, version } })
        const text = json || format === 'json' ? printDocumentJson(document) : printYaml(document)
        if (output === undefined) io.stdout.write(text)
        else {
          await writeFile(output, text)
          note(io, `Written to ${output}`)
        }
        return 0
      }),
    )
}
