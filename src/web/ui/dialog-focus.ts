// What antd's dialogs leave open about the focus: a dialog begins in its first field, and whatever had the focus
// before gets it back, also when the dialog is not closed but simply gone.
import { useEffect } from 'react'

const dialog = '[aria-modal=true]'
const fields = 'textarea, input:not([type=hidden], [type=checkbox], [type=radio])'

export function useDialogFocus(): void {
  useEffect(() => {
    let outside: HTMLElement | undefined
    let inside: Element | undefined
    const begun = new WeakSet<Element>()
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      inside = target.closest(dialog) ?? undefined
      if (!inside) {
        // On its way round an open dialog the focus passes the page.
        if (!isOpen()) outside = target
      } else if (!begun.has(inside)) {
        begun.add(inside)
        begin(inside, target)
      }
    }
    const observer = new MutationObserver(() => {
      const isGone = inside && !inside.isConnected
      if (!isGone || document.activeElement !== document.body) return
      inside = undefined
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

const isOpen = (): boolean => [...document.querySelectorAll(dialog)].some((one) => one.checkVisibility())

/** antd gives the focus to the first thing that takes it, which is the button to close. */
function begin(within: Element, target: HTMLElement): void {
  if (target.matches('.ant-modal-close')) within.querySelector<HTMLElement>(fields)?.focus()
}
