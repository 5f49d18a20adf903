import { type ExecutionsSearch, readExecutionsSearch } from '../../search.ts'

/** The filters with some of them set or, undefined, taken away. */
export const changed = (
  search: ExecutionsSearch,
  part: Partial<Record<keyof ExecutionsSearch, string | undefined>>,
): ExecutionsSearch => readExecutionsSearch({ ...search, ...part })
