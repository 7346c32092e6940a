-- quiet is 1 for an event that only entered the log: nobody was told of it.
alter table events add column quiet integer not null default 0;
