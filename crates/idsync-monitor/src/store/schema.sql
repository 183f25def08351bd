create table cluster(key bigint primary key, project_id text not null, cluster_id text not null, cluster_type text not null,
 name text, first_seen bigint not null, last_seen bigint not null, gone_at bigint, asked_at bigint, verdict text not null,
 settled text not null, since bigint not null, unwell_since bigint, health text not null, reading text,
 unique(project_id, cluster_type, cluster_id));
create table spell(cluster bigint, began_at bigint, ended_at bigint, verdict text not null, reasons text not null, summary text,
 primary key(cluster, began_at));
create table run(cluster bigint, source text not null default '', started_at bigint not null, id text not null default '',
 ended_at bigint, status text, added bigint, updated bigint, deleted bigint, failed bigint, fail_reason text,
 primary key(cluster, source, started_at, id));
create table sweep(shard text not null default '', started_at bigint not null, ended_at bigint, complete bigint, counts text,
 problems text, primary key(shard, started_at));
create table episode(cluster bigint, receiver text, opened_at bigint, fired_at bigint, reminded_at bigint, closed_at bigint,
 primary key(cluster, receiver, opened_at));
create table outbox(id text primary key, receiver text not null, body text not null, tries bigint not null,
 next_try_at bigint not null);
create index spell_ended on spell(ended_at);
create index run_started on run(started_at);
create index episode_closed on episode(closed_at);
