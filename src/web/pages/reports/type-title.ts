import { useQuery } from '@tanstack/react-query'
import { nodeTypesQuery } from '../../data/queries.ts'
import { useLanguage } from '../../i18n/use-language.ts'

export function useTypeTitle(): (type: string | undefined) => string {
  const language = useLanguage()
  const types = useQuery(nodeTypesQuery)
  return (type) => types.data?.items.find((known) => known.type === type)?.title[language] ?? type ?? ''
}
