// Forms are heavy and rare: they are loaded when the first one is shown.
import { lazy, Suspense } from 'react'
import { Loading } from '../ui/messages.tsx'
import type { SchemaFormProps } from './schema-form.tsx'

const SchemaForm = lazy(() => import('./schema-form.tsx').then((part) => ({ default: part.SchemaForm })))

export function LazyForm(props: SchemaFormProps) {
  return (
    <Suspense fallback={<Loading />}>
      <SchemaForm {...props} />
    </Suspense>
  )
}
