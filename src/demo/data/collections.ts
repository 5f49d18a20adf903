// The six collections of the demo world; relations are named from both sides.
import type { CollectionDefinition, FieldDefinition, Title } from '../../core/collections.ts'

const envs = ['prod', 'uat']

function text(key: string, title: Title): FieldDefinition {
  return { key, type: 'text', title }
}

function number(key: string, title: Title): FieldDefinition {
  return { key, type: 'integer', title }
}

function select(key: string, title: Title, options: string[]): FieldDefinition {
  return { key, type: 'select', title, options }
}

const name: FieldDefinition = {
  key: 'name',
  type: 'text',
  title: { en: 'Name', zh: '名称', ru: 'Имя' },
  required: true,
  unique: true,
}
const title = text('title', { en: 'Title', zh: '标题', ru: 'Название' })
const owner = text('owner', { en: 'Owner', zh: '负责人', ru: 'Ответственный' })
const env = select('env', { en: 'Environment', zh: '环境', ru: 'Среда' }, envs)
const version = text('version', { en: 'Version', zh: '版本', ru: 'Версия' })
const note = text('note', { en: 'Note', zh: '备注', ru: 'Примечание' })
const port = number('port', { en: 'Port', zh: '端口', ru: 'Порт' })

const system: CollectionDefinition = {
  key: 'system',
  title: { en: 'System', zh: '系统', ru: 'Система' },
  icon: 'boxes',
  label: 'name',
  fields: [
    name,
    title,
    owner,
    select('tier', { en: 'Tier', zh: '等级', ru: 'Класс' }, ['gold', 'silver', 'bronze']),
  ],
}

const subsystem: CollectionDefinition = {
  key: 'subsystem',
  title: { en: 'Subsystem', zh: '子系统', ru: 'Подсистема' },
  icon: 'box',
  label: 'name',
  fields: [name, title, env],
  relations: [
    {
      name: 'system',
      kind: 'many-to-one',
      to: 'system',
      inverse: 'subsystems',
      title: { en: 'System', zh: '系统', ru: 'Система' },
      inverseTitle: { en: 'Subsystems', zh: '子系统', ru: 'Подсистемы' },
      required: true,
    },
  ],
}

const unit: CollectionDefinition = {
  key: 'unit',
  title: { en: 'Unit', zh: '单元', ru: 'Узел системы' },
  icon: 'component',
  label: 'name',
  fields: [name, title, text('service', { en: 'Service', zh: '服务名', ru: 'Служба' }), port],
  relations: [
    {
      name: 'subsystem',
      kind: 'many-to-one',
      to: 'subsystem',
      inverse: 'units',
      title: { en: 'Subsystem', zh: '子系统', ru: 'Подсистема' },
      inverseTitle: { en: 'Units', zh: '单元', ru: 'Узлы' },
      required: true,
    },
    {
      name: 'databases',
      kind: 'many-to-many',
      to: 'database',
      inverse: 'units',
      title: { en: 'Databases', zh: '数据库', ru: 'Базы данных' },
      inverseTitle: { en: 'Used by units', zh: '使用单元', ru: 'Использующие узлы' },
    },
  ],
}

const host: CollectionDefinition = {
  key: 'host',
  title: { en: 'Host', zh: '主机', ru: 'Хост' },
  icon: 'server',
  label: 'name',
  fields: [
    name,
    text('ip', { en: 'Address in the data centre', zh: '机房地址', ru: 'Адрес в ЦОД' }),
    text('address', { en: 'SSH address', zh: 'SSH 地址', ru: 'Адрес SSH' }),
    number('port', { en: 'SSH port', zh: 'SSH 端口', ru: 'Порт SSH' }),
    text('os', { en: 'Operating system', zh: '操作系统', ru: 'Операционная система' }),
    select('room', { en: 'Room', zh: '机房', ru: 'Зал' }, ['A', 'B']),
    number('cpus', { en: 'CPUs', zh: 'CPU 数', ru: 'Процессоры' }),
    number('memory_gb', { en: 'Memory, GB', zh: '内存 (GB)', ru: 'Память, ГБ' }),
    number('disk_gb', { en: 'Disk, GB', zh: '磁盘 (GB)', ru: 'Диск, ГБ' }),
    select('status', { en: 'Status', zh: '状态', ru: 'Состояние' }, ['running', 'maintenance', 'planned']),
    text('patch_level', { en: 'Patch level', zh: '补丁级别', ru: 'Уровень обновлений' }),
    note,
  ],
}

const appInstance: CollectionDefinition = {
  key: 'app_instance',
  title: { en: 'App instance', zh: '应用实例', ru: 'Экземпляр приложения' },
  icon: 'app-window',
  label: 'name',
  fields: [
    name,
    text('service', { en: 'Service', zh: '服务名', ru: 'Служба' }),
    port,
    env,
    select('status', { en: 'Status', zh: '状态', ru: 'Состояние' }, ['running', 'stopped']),
    version,
  ],
  relations: [
    {
      name: 'unit',
      kind: 'many-to-one',
      to: 'unit',
      inverse: 'app_instances',
      title: { en: 'Unit', zh: '单元', ru: 'Узел' },
      inverseTitle: { en: 'App instances', zh: '应用实例', ru: 'Экземпляры' },
      required: true,
    },
    {
      name: 'host',
      kind: 'many-to-one',
      to: 'host',
      inverse: 'app_instances',
      title: { en: 'Host', zh: '主机', ru: 'Хост' },
      inverseTitle: { en: 'App instances', zh: '应用实例', ru: 'Экземпляры' },
      required: true,
    },
  ],
}

const database: CollectionDefinition = {
  key: 'database',
  title: { en: 'Database', zh: '数据库', ru: 'База данных' },
  icon: 'database',
  label: 'name',
  fields: [
    name,
    select('engine', { en: 'Engine', zh: '引擎', ru: 'СУБД' }, ['postgresql', 'redis']),
    version,
    number('size_gb', { en: 'Size, GB', zh: '大小 (GB)', ru: 'Размер, ГБ' }),
  ],
  relations: [
    {
      name: 'host',
      kind: 'many-to-one',
      to: 'host',
      inverse: 'databases',
      title: { en: 'Host', zh: '主机', ru: 'Хост' },
      inverseTitle: { en: 'Databases', zh: '数据库', ru: 'Базы данных' },
    },
  ],
}

/** In the order they can be created: what is referred to comes first. */
export const demoCollections: CollectionDefinition[] = [system, subsystem, host, database, unit, appInstance]
