package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

/** Who is connected. Registered by each component that has peers. */
@ConsumerType
public interface Connections {

    /** The peers that are connected now, and remote brokers also when they are not. Does not block. */
    List<Connection> connections();

    /** What the peer is to this broker. */
    enum Role {
        AUTHOR,
        SUBSCRIBER,
        REMOTE_BROKER
    }

    /**
     * One peer.
     *
     * @param role what it is
     * @param component the name of the listener or subscription it belongs to
     * @param address the peer's address and port
     * @param peerIdentifier what the peer calls itself, if it said so
     * @param connected whether the connection stands
     * @param since since when the connection stands, or has been down
     * @param events events taken from an author or remote broker, or sent to a subscriber
     * @param unacknowledged events sent to a subscriber that it has not answered
     * @param lastHeard when the peer last sent anything
     * @param filters the filters in force
     * @param filterFault why the latest filters were refused, or a filter was taken away; empty when all is in order
     * @param name under which a subscriber is remembered, or this broker at a remote one
     * @param place the sequence up to which a subscriber is done; a remote broker's, up to which it has sent
     */
    record Connection(
            Role role,
            String component,
            String address,
            Optional<String> peerIdentifier,
            boolean connected,
            Instant since,
            long events,
            long unacknowledged,
            Optional<Instant> lastHeard,
            List<String> filters,
            Optional<String> filterFault,
            Optional<String> name,
            Optional<Long> place) {

        /** One without name and place. */
        public Connection(Role role, String component, String address, Optional<String> peerIdentifier, boolean connected, Instant since,
                long events, long unacknowledged, Optional<Instant> lastHeard, List<String> filters, Optional<String> filterFault) {
            this(role, component, address, peerIdentifier, connected, since, events, unacknowledged, lastHeard, filters, filterFault,
                    Optional.empty(), Optional.empty());
        }
    }
}
