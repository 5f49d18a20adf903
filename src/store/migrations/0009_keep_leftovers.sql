-- Executions that are gone and were too large to be cleared in one transaction: their rows are cleared piece by piece.
create table fermata.leftovers (execution_id bigint primary key);
