// Which record they were run on: of those the chosen workflow takes, else of any collection.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { collectionsQuery, recordsQuery } from '../../data/queries.ts'
import { targetsQuery } from '../../data/run-queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { Field } from '../../ui/field.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { changed } from './changed.ts'
import type { SearchProps } from './list-head.tsx'

export function TargetFilter(props: SearchProps) {
  const { workflow } = props.search
  return workflow === undefined ? (
    <OfAnyCollection {...props} />
  ) : (
    <OfWorkflow key={workflow} workflow={workflow} {...props} />
  )
}

function OfWorkflow({ workflow, ...props }: SearchProps & { workflow: string }) {
  const [q, setQ] = useState('')
  const { data } = useQuery(targetsQuery({ workflow, version: undefined }, q))
  return <TargetSelect {...props} collection={data?.collection} found={data?.items ?? []} onSearch={setQ} />
}

/** One that is set tells of which collection it is. */
function OfAnyCollection({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const text = useText()
  const [chosen, setChosen] = useState<string>()
  const collection = search.target?.split(':', 1)[0] ?? chosen
  const collections = useQuery({ ...collectionsQuery, retry: false }).data?.items ?? []
  return (
    <>
      <Field label={t('executions.targetCollection')}>
        {(id) => (
          <Select
            id={id}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={collection ?? null}
            placeholder={t('executions.anyCollection')}
            options={collections.map(({ key, title }) => ({ value: key, label: text(title) }))}
            onChange={(key) => {
              setChosen(key ?? undefined)
              if (search.target) onChange(changed(search, { target: undefined }))
            }}
          />
        )}
      </Field>
      <OfCollection key={collection} collection={collection} search={search} onChange={onChange} />
    </>
  )
}

function OfCollection({ collection, ...props }: SearchProps & { collection: string | undefined }) {
  const [q, setQ] = useState('')
  const query = useInfiniteQuery({ ...recordsQuery(collection ?? '', q), enabled: collection !== undefined })
  const found = query.data?.pages.flatMap((page) => page.items) ?? []
  return <TargetSelect {...props} collection={collection} found={found} onSearch={setQ} />
}

interface TargetProps extends SearchProps {
  collection: string | undefined
  found: readonly { id: string; label: string }[]
  onSearch: (q: string) => void
}

function TargetSelect({ search, onChange, collection, found, onSearch }: TargetProps) {
  const { t } = useTranslation()
  const [, setTyped] = useTypedText('', onSearch)
  const lacksCollection = collection === undefined && search.workflow === undefined
  return (
    <Field label={t('executions.target')}>
      {(id) => (
        <Select
          id={id}
          allowClear
          disabled={lacksCollection}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          value={search.target ?? null}
          placeholder={t(lacksCollection ? 'executions.targetFirst' : 'executions.anyTarget')}
          options={found.map((record) => ({ value: `${collection}:${record.id}`, label: record.label }))}
          onChange={(target) => onChange(changed(search, { target: target ?? undefined }))}
        />
      )}
    </Field>
  )
}
