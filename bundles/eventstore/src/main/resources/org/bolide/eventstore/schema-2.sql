-- quiet is 1 for an event that only entered the log: nobody was told of it. Where dictionary is null, content is what was
-- received; else it is a Zstandard frame of that (RFC 8878, with a checksum), made with the dictionary of that number, or with
-- none where it is 0.
alter table events add column quiet integer not null default 0;
alter table events add column dictionary integer;

-- Learned from the log's own events; known_at is the sequence of the newest one then. In the form of the program zstd.
create table dictionaries (
    id integer primary key,
    known_at bigint not null,
    content ${bytes} not null
);

-- An event's place in an index of random keys is a page of its own to write, so that the indexes that nobody searches are gone,
-- and digests stand in the order of their sequences. What finds them is in memory for the newest ones; those up to
-- indexed_sequence are in digest_index by their first eight bytes, which is written in bulk.
drop index events_sky_cell;
drop index citations_identifier;

create table ordered_digests (
    sequence ${key} primary key,
    digest ${bytes} not null,
    received_at ${time} not null
);
insert into ordered_digests (sequence, digest, received_at) select sequence, digest, received_at from digests order by sequence;
drop table digests;
alter table ordered_digests rename to digests;

create table digest_index (
    prefix bigint not null,
    sequence bigint not null,
    primary key (prefix, sequence)
) ${clustered};

-- latest_sequence and content_bytes are as of some appends ago: events with a higher sequence come on top of them.
alter table log_state add column indexed_sequence bigint not null default 0;
