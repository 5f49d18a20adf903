// A form drawn from a JSON Schema: inputs of a workflow, answers of tasks.

import { Theme } from '@rjsf/antd'
import type { IChangeEvent } from '@rjsf/core'
import { withTheme } from '@rjsf/core'
import type { RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { JsonObject } from '../../core/json.ts'
import { isJsonObject } from '../../core/json.ts'
import { sayWhy } from '../ui/sentences.ts'
import { formValidator } from './validator.ts'

const ThemedForm = withTheme(Theme)

export interface SchemaFormProps {
  /** Of the form element: a button elsewhere may submit it. */
  id: string
  schema: JsonObject
  value: JsonObject
  onChange: (value: JsonObject) => void
  onSubmit: (value: JsonObject) => void
  disabled?: boolean
  /** The form is there: from now on a button may submit it. */
  onReady?: () => void
}

const look: UiSchema = { 'ui:submitButtonOptions': { norender: true } }

export function SchemaForm({ id, schema, value, onChange, onSubmit, disabled, onReady }: SchemaFormProps) {
  const { t } = useTranslation()
  useEffect(() => onReady?.(), [onReady])
  const inOurWords = (errors: RJSFValidationError[]): RJSFValidationError[] =>
    errors.map((error) => ({
      ...error,
      message: (error.params && sayWhy(t, error.params)) || t('form.unfit'),
    }))
  const values = (event: IChangeEvent): JsonObject => (isJsonObject(event.formData) ? event.formData : {})
  return (
    <ThemedForm
      id={id}
      className="f-form"
      schema={schema as RJSFSchema}
      uiSchema={look}
      validator={formValidator}
      formData={value}
      showErrorList={false}
      focusOnFirstError
      noHtml5Validate
      disabled={disabled ?? false}
      transformErrors={inOurWords}
      onChange={(event) => onChange(values(event))}
      onSubmit={(event) => onSubmit(values(event))}
      // Errors stand at their fields; without this they would be written to the console too.
      onError={() => undefined}
    />
  )
}
