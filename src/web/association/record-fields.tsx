// The fields of one record, by the titles of its collection where the reader may know them.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { collectionsQuery, recordQuery } from '../data/queries.ts'
import { useText } from '../i18n/use-language.ts'
import { Loaded } from '../ui/messages.tsx'
import { RelativeTime } from '../ui/times.tsx'

const times = ['created_at', 'updated_at'] as const
/** Of every record; no collection gives them titles. */
const isTime = (key: string): key is (typeof times)[number] => times.some((time) => time === key)

export function RecordFields({ collection, id }: { collection: string; id: string }) {
  const { t } = useTranslation()
  const text = useText()
  const query = useQuery(recordQuery(collection, id))
  const collections = useQuery({ ...collectionsQuery, retry: false })
  const schema = collections.data?.items.find(({ key }) => key === collection)
  const titleOf = (key: string) =>
    (isTime(key) && t(`data.times.${key}`)) ||
    text(schema?.fields.find((field) => field.key === key)?.title) ||
    text(schema?.relations.find((relation) => relation.name === key)?.title) ||
    key
  return (
    <Loaded query={query} missing={<p className="f-quiet">{t('data.recordGone')}</p>}>
      {() => (
        <dl className="f-facts">
          {Object.entries(query.data?.values ?? {}).map(([key, value]) => (
            <div key={key} className="f-facts-row">
              <dt>{titleOf(key)}</dt>
              <dd>
                {isTime(key) && typeof value === 'string' ? (
                  <RelativeTime at={value} />
                ) : typeof value === 'string' ? (
                  value
                ) : (
                  JSON.stringify(value)
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Loaded>
  )
}
