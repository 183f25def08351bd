-- The sweep in which the row of a run last changed.
alter table run add column seen_at bigint not null default 0;
update run set seen_at = coalesce(ended_at, started_at);
create index run_seen on run(seen_at);
