import { createLink } from '@tanstack/react-router'
import { Button, type ButtonProps } from 'antd'
import type { Ref } from 'react'

function Anchor(props: ButtonProps & { ref?: Ref<HTMLAnchorElement> }) {
  return <Button {...props} />
}

/** A link that looks like a button. */
export const LinkButton = createLink(Anchor)
