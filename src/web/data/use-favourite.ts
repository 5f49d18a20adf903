import { useMutation, useQueryClient } from '@tanstack/react-query'
import { addFavourite, removeFavourite } from '../../api/contract/workflows.ts'
import { api } from './client.ts'

/** Stars a workflow, or takes the star off; lists and cards are read again. */
export function useFavourite(workflow: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (on: boolean) =>
      on
        ? api.call(addFavourite, { params: { key: workflow } })
        : api.call(removeFavourite, { params: { key: workflow } }),
    onSettled: () =>
      Promise.all(
        [['workflows'], ['run-groups'], ['workflow', workflow]].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  })
}
