import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Mail, Name, Nothing, strict, Time } from './shapes.ts'

export const User = Type.Object({
  name: Type.String(),
  displayName: Type.String(),
  roles: Type.Array(Type.String()),
  disabled: Type.Boolean(),
  mail: Type.Optional(Type.String()),
  createdAt: Time,
})
export type User = Static<typeof User>

/** A workflow's key, or `*` for all of them. */
const Workflows = Type.String({ pattern: '^([a-z][a-z0-9-]{0,62}|[*])$' })

export const RoleGrant = Type.Object(
  { workflow: Workflows, grant: Type.Enum(['view', 'run', 'manage']) },
  strict,
)

export const Role = Type.Object({
  name: Type.String(),
  title: Type.String(),
  grants: Type.Array(RoleGrant),
})
export type Role = Static<typeof Role>

const UserName = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' })
const RoleName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' })
const roles = Type.Array(RoleName, { maxItems: 100 })
const Password = Type.String({ minLength: 8, maxLength: 1000 })

export const listUsers = defineRoute({
  method: 'GET',
  path: '/api/v1/users',
  permission: 'user.manage',
  summary: 'All users',
  answer: Type.Object({ items: Type.Array(User) }),
})

export const createUser = defineRoute({
  method: 'POST',
  path: '/api/v1/users',
  permission: 'user.manage',
  summary: 'Create a user',
  body: Type.Object(
    { name: UserName, displayName: Type.Optional(Name), password: Type.Optional(Password), roles },
    strict,
  ),
  answer: User,
  status: 201,
})

export const changeUser = defineRoute({
  method: 'PATCH',
  path: '/api/v1/users/:name',
  permission: 'user.manage',
  summary: 'Change roles, password or mail address, disable or enable',
  params: Type.Object({ name: Name }, strict),
  body: Type.Object(
    {
      roles: Type.Optional(roles),
      password: Type.Optional(Password),
      disabled: Type.Optional(Type.Boolean()),
      mail: Type.Optional(Type.Union([Mail, Type.Null()])),
    },
    strict,
  ),
  answer: User,
})

export const listRoles = defineRoute({
  method: 'GET',
  path: '/api/v1/roles',
  permission: 'user.manage',
  summary: 'All roles with their grants',
  answer: Type.Object({ items: Type.Array(Role) }),
})

export const createRole = defineRoute({
  method: 'POST',
  path: '/api/v1/roles',
  permission: 'user.manage',
  summary: 'Create a role',
  body: Type.Object({ name: RoleName, title: Type.Optional(Name) }, strict),
  answer: Role,
  status: 201,
})

export const grantRole = defineRoute({
  method: 'POST',
  path: '/api/v1/roles/:name/grants',
  permission: 'user.manage',
  summary: 'Give a role a grant on a workflow',
  params: Type.Object({ name: Name }, strict),
  body: RoleGrant,
  answer: Role,
})

export const revokeRole = defineRoute({
  method: 'DELETE',
  path: '/api/v1/roles/:name/grants/:workflow',
  permission: 'user.manage',
  summary: 'Take the grants of a role on a workflow away',
  params: Type.Object({ name: Name, workflow: Workflows }, strict),
  answer: Nothing,
})
