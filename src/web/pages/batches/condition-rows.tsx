// Conditions put together by choosing: a step, a field of what stands there, what it is compared with.
import { Button, Input, Select } from 'antd'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Condition, type Operator, operatorsFor, type Step, takesValue } from './conditions.ts'

interface RowsProps {
  steps: readonly Step[]
  conditions: readonly Condition[]
  onChange: (conditions: Condition[]) => void
}

export function ConditionRows({ steps, conditions, onChange }: RowsProps) {
  const { t } = useTranslation()
  const add = () => {
    const field = steps[0]?.collection.fields[0]
    const [operator = 'is not null'] = operatorsFor(field?.type)
    onChange([...conditions, { step: '', field: field?.key ?? 'label', operator, value: '' }])
  }
  return (
    <fieldset className="f-bare f-section">
      <legend className="f-hidden-text">{t('batches.conditions')}</legend>
      {[...conditions.entries()].map(([n, condition]) => (
        <ConditionRow
          key={n}
          steps={steps}
          condition={condition}
          onChange={(next) => onChange(conditions.map((known, at) => (at === n ? next : known)))}
          onRemove={() => onChange(conditions.filter((_, at) => at !== n))}
        />
      ))}
      <Button type="dashed" icon={<Plus size={14} />} disabled={conditions.length >= 20} onClick={add}>
        {t('batches.addCondition')}
      </Button>
    </fieldset>
  )
}

interface RowProps {
  steps: readonly Step[]
  condition: Condition
  onChange: (condition: Condition) => void
  onRemove: () => void
}

function ConditionRow({ steps, condition, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  const fields = steps.find(({ path }) => path === condition.step)?.collection.fields ?? []
  const field = fields.find(({ key }) => key === condition.field)
  const choose = (step: string, key: string | undefined) => {
    const own = steps.find(({ path }) => path === step)?.collection.fields ?? []
    const next = own.find((candidate) => candidate.key === key) ?? own[0]
    const able = operatorsFor(next?.type)
    const operator = able.includes(condition.operator) ? condition.operator : (able[0] ?? 'is not null')
    onChange({ step, field: next?.key ?? 'label', operator, value: '' })
  }
  return (
    <div className="f-condition">
      <Select
        showSearch
        aria-label={t('batches.step')}
        value={condition.step}
        options={steps.map(({ path }) => ({ value: path, label: path || t('batches.target') }))}
        onChange={(step) => choose(step, undefined)}
      />
      <Select
        showSearch
        aria-label={t('batches.field')}
        value={condition.field}
        options={fields.map(({ key }) => ({ value: key, label: key }))}
        onChange={(key) => choose(condition.step, key)}
      />
      <Select<Operator>
        aria-label={t('batches.operator')}
        value={condition.operator}
        options={operatorsFor(field?.type).map((value) => ({
          value,
          label: /[a-z]/.test(value) ? t(`batches.operators.${value.replaceAll(' ', '-')}`) : value,
        }))}
        onChange={(operator) => onChange({ ...condition, operator })}
      />
      {takesValue(condition.operator) ? (
        <ValueField field={field} condition={condition} onChange={onChange} />
      ) : (
        <span />
      )}
      <Button
        type="text"
        icon={<X size={14} />}
        aria-label={t('batches.removeCondition')}
        onClick={onRemove}
      />
    </div>
  )
}

interface ValueProps {
  field: Step['collection']['fields'][number] | undefined
  condition: Condition
  onChange: (condition: Condition) => void
}

function ValueField({ field, condition, onChange }: ValueProps) {
  const { t } = useTranslation()
  const set = (value: string) => onChange({ ...condition, value })
  const options = field?.type === 'boolean' ? ['true', 'false'] : field?.options
  if (options && condition.operator !== 'contains')
    return (
      <Select
        aria-label={t('batches.value')}
        value={condition.value || null}
        options={options.map((value) => ({ value, label: value }))}
        onChange={(value) => set(value ?? '')}
      />
    )
  const type = field?.type === 'date' ? 'date' : field?.type === 'integer' ? 'number' : 'text'
  return (
    <Input
      type={type}
      aria-label={t('batches.value')}
      value={condition.value}
      onChange={(event) => set(event.target.value)}
    />
  )
}
