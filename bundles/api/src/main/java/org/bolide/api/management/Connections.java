package org.bolide.api.management;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import static java.util.Objects.requireNonNull;

/**
 * Who is connected. Registered by each component that has peers, with the service property {@code bolide.component}. No method
 * blocks.
 */
@ConsumerType
public interface Connections {

    /** What this component is. */
    Endpoint endpoint();

    /** The peers that are connected now, and remote brokers also when they are not. */
    List<Connection> connections();

    /** Who has gone, or was not let in, newest first: the last hundred since the start. */
    List<Departure> departures();

    /**
     * Begins to close the connections of a peer.
     *
     * @param peer an {@link Connection#address() address} with its port, or without it for all of that address, or a subscriber's name
     * @param reason for the log and for {@link #departures()}
     * @return how many there were
     */
    int close(String peer, String reason);

    /** What the peer is to this broker. */
    enum Role {
        AUTHOR,
        SUBSCRIBER,
        REMOTE_BROKER
    }

    /**
     * A component that has peers.
     *
     * @param component its name, for example {@code receiver.public}
     * @param peers what its peers are
     * @param address where it listens or connects to, with the port
     * @param identifier this broker's own IVOID, as its peers are told
     */
    record Endpoint(String component, Role peers, String address, String identifier) {}

    /**
     * One peer.
     *
     * @param role what it is
     * @param component the name of the listener or subscription it belongs to
     * @param address the peer's address and port
     * @param peerIdentifier what the peer calls itself, if it said so
     * @param connected whether the connection stands
     * @param since since when the connection stands, or has been down
     * @param lastHeard when the peer last sent anything
     * @param events events that it was sent, or that it was the first to bring
     * @param duplicates events that it brought and somebody else had brought before
     * @param refused events that it brought in vain
     * @param reader what it reads, a subscriber; or what this broker reads of it, a remote one
     * @param uplink how the connection to a remote broker does
     */
    record Connection(
            Role role,
            String component,
            String address,
            Optional<String> peerIdentifier,
            boolean connected,
            Instant since,
            Optional<Instant> lastHeard,
            long events,
            long duplicates,
            long refused,
            Optional<Reader> reader,
            Optional<Uplink> uplink) {

        public Connection {
            requireNonNull(role);
            requireNonNull(component);
            requireNonNull(address);
            requireNonNull(peerIdentifier);
            requireNonNull(since);
            requireNonNull(lastHeard);
            requireNonNull(reader);
            requireNonNull(uplink);
        }
    }

    /**
     * Somebody's way through the other one's log.
     *
     * @param name under which the subscriber is remembered
     * @param place the sequence up to which it is done; at a remote broker, up to which that has sent
     * @param unacknowledged events sent and not answered
     * @param lastAcknowledged when it last acknowledged an event
     * @param filters the filters in force
     * @param filterFault why the latest filters were refused, or a filter was taken away; empty when all is in order
     */
    record Reader(
            Optional<String> name,
            Optional<Long> place,
            long unacknowledged,
            Optional<Instant> lastAcknowledged,
            List<String> filters,
            Optional<String> filterFault) {

        public Reader {
            requireNonNull(name);
            requireNonNull(place);
            requireNonNull(lastAcknowledged);
            filters = List.copyOf(filters);
            requireNonNull(filterFault);
        }
    }

    /**
     * How the connection to a remote broker does.
     *
     * @param connects how often it was made since the start
     * @param lastFailure why it was lost or not made the last time; empty if it never was
     * @param clockAhead by how much the remote's clock is ahead of this broker's, negative if it is behind
     */
    record Uplink(long connects, Optional<String> lastFailure, Optional<Duration> clockAhead) {}

    /**
     * A connection that has ended, or was never let in.
     *
     * @param name a subscriber's, if it had one
     * @param at when
     * @param wanted whether the peer itself has ended it; else this broker did, or the network
     * @param reason why, for people
     */
    record Departure(Role role, String component, String address, Optional<String> name, Instant at, boolean wanted, String reason) {}
}
