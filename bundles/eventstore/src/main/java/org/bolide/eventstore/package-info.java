/** The durable log through JDBC: SQLite embedded, or a PostgreSQL server. */
package org.bolide.eventstore;
