// Lists by keys: the link of each row is what gets the focus.

/** To the row after or before the one that has the focus; from elsewhere, to the first or the last. */
export function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#main .f-row-link')].filter((row) =>
    row.checkVisibility(),
  )
  const here = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('.f-row-link')
  const at = here ? rows.indexOf(here) : -1
  const next = at < 0 ? (by > 0 ? rows[0] : rows.at(-1)) : rows[at + by]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

/** The first field to search in. */
export function focusSearch(): void {
  const fields = document.querySelectorAll<HTMLInputElement>('#main input[type=search]')
  const field = [...fields].find((candidate) => candidate.checkVisibility())
  field?.focus()
  field?.select()
}

/** Ticks the row that has the focus, or takes its tick away. */
export function tickRow(): void {
  const row = document.activeElement?.closest('#main tr')
  row?.querySelector<HTMLInputElement>('input[type=checkbox]:not(:disabled)')?.click()
}
