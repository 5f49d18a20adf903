/** The object without its null and undefined members: what is not there is left out of answers. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  ) as Present<T>
}

type Missing = null | undefined
export type Present<T> = {
  [K in keyof T as Extract<T[K], Missing> extends never ? K : never]: T[K]
} & {
  [K in keyof T as Extract<T[K], Missing> extends never ? never : K]?: Exclude<T[K], Missing>
}

export const iso = (at: Date): string => at.toISOString()
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null
