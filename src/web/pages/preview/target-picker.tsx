import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { targetsQuery } from '../../data/run-queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { usePreviewPage } from './context.ts'

interface PickerProps {
  workflow: string
  version: number
  collection: string
}

/** Only records the workflow may be run on, searched by the server. */
export function TargetPicker({ workflow, version, collection }: PickerProps) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/run/$workflow' })
  const { target } = useSearch({ from: '/run/$workflow' })
  const text = useText()
  const [asked, setAsked] = useState('')
  const [, setTyped] = useTypedText(asked, setAsked)
  const query = useQuery(targetsQuery({ workflow, version }, asked))
  const title = query.data?.title
  const options = useOptions(collection, query.data?.items ?? [])
  return (
    <div className="f-target">
      <Field label={title ? t('preview.target', { collection: text(title) }) : t('executions.target')}>
        {(id) => (
          <Select
            id={id}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            value={target ?? null}
            placeholder={t('preview.searchTarget')}
            loading={query.isFetching}
            options={options}
            autoFocus={target === undefined}
            notFoundContent={query.isFetching ? t('common.loading') : t('preview.noTargets')}
            onChange={(value) => void navigate({ search: (search) => ({ ...search, target: value }) })}
          />
        )}
      </Field>
      {query.error && <ErrorPanel error={query.error} />}
    </div>
  )
}

/** The chosen one may not be among those found: its name is known from the preview. */
function useOptions(collection: string, found: readonly { id: string; label: string }[]) {
  const chosen = usePreviewPage().preview?.target
  const all = !chosen || found.some(({ id }) => id === chosen.id) ? found : [chosen, ...found]
  return all.map(({ id, label }) => ({ value: `${collection}:${id}`, label }))
}
