// How a first collection comes to be: the console has no form for it, the API has.
import { createCollection } from '../../../api/contract/collections.ts'
import type { CollectionDefinition } from '../../../core/collections.ts'

const example: CollectionDefinition = {
  key: 'host',
  title: 'Host',
  label: 'name',
  fields: [{ key: 'name', type: 'text', required: true }],
}

/** For a shell in the server's folder; `origin`: where the console was opened. */
export const firstCollectionCommand = (origin: string): string =>
  [
    `TOKEN=$(npm run -s fermata -- token create --name collections --scope ${createCollection.permission})`,
    `curl ${origin}${createCollection.path} \\`,
    `  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(example)}'`,
  ].join('\n')
