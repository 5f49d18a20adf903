-- Node runs that began and ended within one turn of their execution share rows: ten of them cost little more than one.
-- `runs` has a line for each: run, started, ended, and the node if its id is another one than the run's; times are
-- milliseconds after `since`. `contents` is the JSON text of a list with [input, output] for each; text, as checking it
-- once more took a sixth of the insert.
create table fermata.run_packs (
  execution_id bigint not null,
  seq integer not null,
  part smallint not null,
  since timestamptz not null,
  worker text,
  runs text not null,
  contents text not null,
  primary key (execution_id, seq, part)
) with (toast_tuple_target = 8160);
-- Compressing takes longer than writing, and what is not compressed is kept beside the row when it is long.
alter table fermata.run_packs alter column runs set storage external, alter column contents set storage external;

create view fermata.all_node_runs as
  select execution_id, run, attempt, node, status, record, manual, wait, input, output, error, started_at, ended_at,
    worker, seq
  from fermata.node_runs
  union all
  select p.execution_id, split_part(h, ' ', 1), 1::smallint, coalesce(nullif(split_part(h, ' ', 4), ''), split_part(h, ' ', 1)),
    'completed', null, null, null, c -> 0, c -> 1, null, p.since + split_part(h, ' ', 2)::integer * interval '1 ms',
    p.since + split_part(h, ' ', 3)::integer * interval '1 ms', p.worker, p.seq
  from fermata.run_packs p
    cross join lateral rows from (string_to_table(p.runs, E'\n'), json_array_elements(p.contents::json)) as x(h, c);

-- Programs before this one do not know of packs: nothing is packed while a process of theirs is there.
alter table fermata.processes add column reads_packs boolean not null default false;
