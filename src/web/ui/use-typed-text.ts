import { useEffect, useRef, useState } from 'react'

const restMs = 250

/** A text field's own text; `onRest` hears of it once the typing rests. Follows `value` when that changes elsewhere. */
export function useTypedText(
  value: string,
  onRest: (text: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setKnown(next)
      onRest(next)
    }, restMs)
  }
  return [text, type]
}
