-- Where on the sky: the cell of SkyCell of each event's position, whatever its frame, or -1 for numbers that are no place on the
-- sky. Written in bulk, sorted; it knows the events up to sky_sequence. Rows of events that have expired may stay for a while.
create table sky_index (
    cell integer not null,
    sequence bigint not null,
    primary key (cell, sequence)
) ${clustered};

alter table log_state add column sky_sequence bigint not null default 0;

-- Which broker brought the log to a version, so that an older one can name it.
alter table schema_version add column broker text;
