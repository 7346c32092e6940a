package org.bolide.eventstore;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the log is kept, and for how long. */
@ObjectClassDefinition(
        name = "Event log",
        description = "Where the broker keeps its events, and for how long. Changes of the place take effect at the next start.")
@interface EventStoreConfig {

    @AttributeDefinition(
            name = "Directory",
            description = "Directory of the SQLite database; a relative path starts at the base directory.")
    String directory() default "eventlog";

    @AttributeDefinition(
            name = "Database URL",
            description = "JDBC URL of a PostgreSQL database, jdbc:postgresql://host/name; empty for SQLite in the directory.",
            required = false)
    String databaseUrl() default "";

    @AttributeDefinition(
            name = "Database user",
            description = "User name for the PostgreSQL database.",
            required = false)
    String databaseUser() default "";

    @AttributeDefinition(
            name = "Database password",
            description = "Password for the PostgreSQL database.",
            type = AttributeType.PASSWORD,
            required = false)
    String databasePassword() default "";

    @AttributeDefinition(
            name = "Days to keep events",
            description = "Events and dead letters older than this are forgotten; 0 keeps them for ever.",
            min = "0",
            max = "36500")
    int keepDays() default 30;

    @AttributeDefinition(
            name = "Days to keep digests",
            description = "For how long an event that comes again is recognised, 30 at least; never shorter than keepDays, and 0 is for ever.",
            min = "0",
            max = "36500")
    int keepDigestsDays() default 30;

    @AttributeDefinition(
            name = "Bytes to keep",
            description = "The oldest events are forgotten when the contents of all events take more bytes than this; 0 sets no bound.",
            min = "0")
    long maxBytes() default 0;
}
