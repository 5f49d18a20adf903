// Before the run: the graph, every record it will touch, the inputs, and what to be warned of.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { nodeTypesQuery, workflowQuery } from '../../data/queries.ts'
import { formerQuery, versionQuery } from '../../data/run-queries.ts'
import { Loaded } from '../../ui/messages.tsx'
import { NotFound } from '../../ui/not-found.tsx'
import { PreviewView } from './preview-view.tsx'
import './preview.css'

export function Preview() {
  const { workflow: key } = useParams({ from: '/run/$workflow' })
  const { version, like } = useSearch({ from: '/run/$workflow' })
  const workflow = useQuery(workflowQuery(key))
  const types = useQuery(nodeTypesQuery)
  const older = useQuery({ ...versionQuery(key, version ?? 0), enabled: version !== undefined })
  const former = useQuery({ ...formerQuery(like ?? 0), enabled: like !== undefined, retry: false })
  const shown = version === undefined ? workflow : older
  return (
    <Loaded query={workflow}>
      {() => (
        <Loaded query={shown} missing={<NotFound back={<ToPublished workflow={key} />} />}>
          {() => (
            <Loaded query={types}>
              {() =>
                workflow.data &&
                shown.data &&
                types.data &&
                !former.isLoading && (
                  <PreviewView
                    key={`${key} ${like}`}
                    workflow={workflow.data}
                    shown={shown.data}
                    types={types.data.items}
                    former={former.data?.workflow === key ? former.data : undefined}
                  />
                )
              }
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

/** From a version that is gone. */
function ToPublished({ workflow }: { workflow: string }) {
  const { t } = useTranslation()
  return (
    <Link to="/run/$workflow" params={{ workflow }} search={({ target }) => (target ? { target } : {})}>
      {t('preview.toPublished')}
    </Link>
  )
}
