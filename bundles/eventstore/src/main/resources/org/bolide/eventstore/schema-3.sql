-- What bundles remember: small things under a kind that a bundle owns and a key.
create table state (
    kind text not null,
    key text not null,
    value text not null,
    primary key (kind, key)
) ${clustered};

-- PostgreSQL's index of identifiers was one by hash, which finds no ranges; this one orders them by their beginnings, because an
-- index takes no text of any length. SQLite's has been in order from the first.
${postgresql}drop index events_identifier;
${postgresql}create index events_identifier on events ((left(identifier, 500) collate "C"), sequence);
