import { createLink } from '@tanstack/react-router'
import { Button, type ButtonProps } from 'antd'
import type { Ref } from 'react'

interface AnchorProps extends Omit<ButtonProps, 'type'> {
  /** The filled button of its place; `type` means something else on links. */
  primary?: boolean
  ref?: Ref<HTMLAnchorElement>
}

function Anchor({ primary, ...props }: AnchorProps) {
  return <Button {...props} type={primary ? 'primary' : 'default'} />
}

/** A link that looks like a button. */
export const LinkButton = createLink(Anchor)
