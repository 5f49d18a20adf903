// What antd's dialogs leave open about the focus: a dialog begins in its first field, and whatever had the focus
// before gets it back, also when the dialog is not closed but simply gone.
import { useEffect } from 'react'

const dialog = '[aria-modal=true]'
const fields = 'textarea, input:not([type=hidden], [type=checkbox], [type=radio])'

export function useDialogFocus(): void {
  useEffect(() => {
    let outside: HTMLElement | undefined
    const begun = new WeakSet<Element>()
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      const within = target.closest(dialog)
      if (!within) outside = target
      else if (!begun.has(within)) begin(within, target)
      if (within) begun.add(within)
    }
    const observer = new MutationObserver((changes) => {
      const isGone = changes.some(({ removedNodes }) => [...removedNodes].some(holdsDialog))
      if (!isGone || (document.activeElement && document.activeElement !== document.body)) return
      const back = outside?.isConnected ? outside : document.querySelector<HTMLElement>('#main')
      back?.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', onFocus)
    observer.observe(document.body, { childList: true })
    return () => {
      document.removeEventListener('focusin', onFocus)
      observer.disconnect()
    }
  }, [])
}

/** antd gives the focus to the first thing that takes it, which is the button to close. */
function begin(within: Element, target: HTMLElement): void {
  if (target.matches('.ant-modal-close')) within.querySelector<HTMLElement>(fields)?.focus()
}

const holdsDialog = (node: Node): boolean =>
  node instanceof Element && (node.matches(dialog) || node.querySelector(dialog) !== null)
