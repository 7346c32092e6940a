-- The log's first schema. ${key}, ${bytes}, ${time}, ${equality} and ${clustered} differ between databases (see Dialect).
-- Times are text in UTC with microseconds, such as 2026-11-21T20:15:30.123456Z: they sort as they read.

-- What the log knows of itself: one row. Sequences are dense from 1 to latest_sequence; writer is a name that a broker makes
-- up at its start, so that one that lost its connection knows whether another one has written since.
create table log_state (
    latest_sequence bigint not null,
    latest_dead_letter bigint not null,
    content_bytes bigint not null,
    writer text not null
);
insert into log_state (latest_sequence, latest_dead_letter, content_bytes, writer) values (0, 0, 0, '');

-- root is {namespace}name; sky_cell is explained in SkyCell; faults are one a line, \ and line breaks escaped;
-- expires_at is null where the log's retention holds; bytes is the length of content.
create table events (
    sequence ${key} primary key,
    root text not null,
    identifier text,
    role text,
    author text,
    authored_at ${time},
    observed_at ${time},
    longitude double precision,
    latitude double precision,
    error_radius double precision,
    frame text,
    sky_cell integer,
    source text not null,
    received_at ${time} not null,
    expires_at ${time},
    faults text,
    bytes integer not null,
    content ${bytes} not null
);
create index events_identifier on events ${equality} (identifier);
create index events_received_at on events (received_at, sequence);
create index events_expires_at on events (expires_at) where expires_at is not null;
create index events_sky_cell on events (sky_cell) where sky_cell is not null;

create table citations (
    sequence bigint not null,
    ordinal integer not null,
    identifier text not null,
    relation text not null,
    primary key (sequence, ordinal)
) ${clustered};
create index citations_identifier on citations ${equality} (identifier);

-- Outlive their events, so that an old event that comes again is known.
create table digests (
    digest ${bytes} primary key,
    sequence bigint not null,
    received_at ${time} not null
) ${clustered};
create index digests_received_at on digests (received_at);

create table places (
    reader text primary key,
    sequence bigint not null,
    updated_at ${time} not null
) ${clustered};

create table dead_letters (
    id ${key} primary key,
    handler text not null,
    sequence bigint not null,
    identifier text,
    reason text not null,
    attempts integer not null,
    buried_at ${time} not null,
    content ${bytes} not null
);
create index dead_letters_buried_at on dead_letters (buried_at);

-- For people: what is in the log, without the contents.
create view event_list as
    select sequence, received_at, role, identifier, author, authored_at, observed_at, longitude, latitude, error_radius,
        frame, source, bytes, expires_at, faults, root
    from events;
