import { keyNames, type ShortcutId } from './shortcuts.ts'

/** The keys of a shortcut, to be seen; those who hear the page hear its name. */
export function Keys({ of }: { of: ShortcutId }) {
  return keyNames(of).map((name) => <kbd key={name}>{name}</kbd>)
}
