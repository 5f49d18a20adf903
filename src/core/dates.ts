// Dates and times as text. A date is `YYYY-MM-DD`; a time without a zone is UTC.

const dateForm = /^\d{4}-\d{2}-\d{2}$/
const timeForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** The date as written, when there is such a day between the years 1 and 9999. */
export function parseDate(text: string): string | undefined {
  if (!dateForm.test(text) || text.startsWith('0000')) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return undefined
  return date.toISOString().slice(0, 10) === text ? text : undefined
}

/** The moment as `YYYY-MM-DDTHH:MM:SS.sssZ`; a date alone is its midnight. */
export function parseDatetime(text: string): string | undefined {
  const match = timeForm.exec(text)
  if (!match || parseDate(text.slice(0, 10)) === undefined) return undefined
  const withTime = match[1] ? text : `${text}T00:00:00`
  const date = new Date(match[4] ? withTime : `${withTime}Z`)
  if (Number.isNaN(date.getTime())) return undefined
  const iso = date.toISOString()
  return dateForm.test(iso.slice(0, 10)) && !iso.startsWith('0000') ? iso : undefined
}
