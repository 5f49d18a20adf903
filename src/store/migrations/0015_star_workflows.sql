-- The workflows a user has starred: not their versions, so that a new one keeps the star.
create table fermata.favourites (
  user_id bigint not null references fermata.users on delete cascade,
  workflow text not null references fermata.workflows on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, workflow)
);
create index favourites_by_workflow on fermata.favourites (workflow);
