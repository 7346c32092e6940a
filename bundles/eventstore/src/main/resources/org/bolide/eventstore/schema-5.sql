-- Who cites an event. Few events cite any, so that an append seldom writes to it.
create index citations_identifier on citations (${beginning}, sequence);

-- What lists and counts most often ask of all events, without the rest: stream is that of EventHeader.stream. Written in bulk, in
-- the order of the log; it has the events up to facts_sequence.
create table event_facts (
    sequence ${key} primary key,
    stream text not null,
    role text,
    authored_at ${time}
);

alter table log_state add column facts_sequence bigint not null default 0;
